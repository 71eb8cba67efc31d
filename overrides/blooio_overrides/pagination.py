"""Decide which page to request next, which items are new, and when a list ends. Nothing here sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, overload

import attrs

from blooio_client.types import Call, Model

from .arguments import checked_limit
from .errors import UnexpectedResponseError

T = TypeVar("T")


class NotAwaitable:
    """An async pager; awaiting it raises an error that says what to write instead."""

    if not TYPE_CHECKING:  # so that type checkers report that a pager cannot be awaited

        def __await__(self) -> NoReturn:
            raise TypeError(
                "a pager cannot be awaited: use `async for item in client.contacts.list()`, "
                "`async for page in client.contacts.list().pages()` or `await client.contacts.list().first()`"
            )


MAX_PAGE_SIZE: Final = 200
DEFAULT_PAGE: Final = 100
REMEMBERED: Final = 10_000
"""How many recent items are remembered to recognize repeated ones; this bounds the memory of a pager."""

MAX_STALE_PAGES: Final = 10
"""The most pages in a row without a new item; a list that shifts has one or two."""


@attrs.frozen(repr=False)
class Page(Sequence[T], Generic[T]):
    """One page of a list: a sequence of its items."""

    __module__ = "blooio_client"

    items: list[T]
    """The items of this page."""
    total: int | None
    """The total number of items that the service reports."""
    offset: int
    """The number of items before this page."""
    has_more: bool
    """Whether another page follows."""

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __repr__(self) -> str:
        return f"<Page of {len(self.items)} from {self.offset}, total {self.total}>"


@attrs.frozen(eq=False)
class Listing(Generic[T]):
    """A paged list of the API: how to request a page, and where its items are."""

    call: Callable[..., Call[Any]]
    """Makes the call of a page, with `limit=` and `offset=`."""
    items: str
    """The attribute of the response that holds the items."""
    identity: Callable[[T], object]
    """Returns the key of an item, to recognize repeated ones."""
    limit: int | None
    page_size: int
    """The number of items to request for the first page."""


def listing(
    call: Callable[..., Call[Any]],
    items: str,
    identity: Callable[[T], object],
    *,
    limit: int | None,
    page_size: int | None,
) -> Listing[T]:
    """Describe a list of the API.

    Args:
        call: Makes the call of a page, with `limit=` and `offset=`.
        items: The attribute of the response that holds the items.
        identity: Returns the key of an item.
        limit: Reads at most this many items; None reads all.
        page_size: Items per request, 1-200.

    Raises:
        InvalidArgumentError: `limit` or `page_size` is out of range.
    """
    most = checked_limit(limit, "limit")
    size = checked_limit(page_size, "page_size", at_most=MAX_PAGE_SIZE)
    size = size or DEFAULT_PAGE
    return Listing(call, items, identity, most, size if most is None else min(size, most))


@attrs.define(eq=False)
class Reader(Generic[T]):
    """The position in a listing."""

    listing: Listing[T]
    given: int = 0
    is_done: bool = False
    offset: int = 0
    """The offset of the next page."""
    size: int = attrs.field(default=attrs.Factory(attrgetter("listing.page_size"), takes_self=True), init=False)
    """The number of items to request for the next page."""
    _unread_from: int = 0
    """Every remaining item before this offset was read."""
    _total: int | None = None
    _farthest: int = 0
    _stale: int = 0
    _previous: list[Any] = attrs.field(factory=list[Any])
    _seen: set[str] = attrs.field(factory=set[str])
    _order: deque[str] = attrs.field(factory=deque[str])

    def next_call(self) -> Call[Any]:
        """Return the call for the next page."""
        return self.listing.call(limit=self.size, offset=self.offset)

    def take(self, response: Model) -> Page[T]:
        """Read a response: its new items, and whether there are more."""
        received: list[Any] = getattr(response, self.listing.items)
        pagination = getattr(response, "pagination", None)
        counts = [getattr(pagination, name, None) for name in ("total", "limit")]
        total, page_limit = [count if type(count) is int and count >= 0 else None for count in counts]
        has_more = getattr(pagination, "has_more", None)
        offset, limit = self.offset, self.listing.limit
        vanished = 0 if total is None else max(0, (self._total or 0) - total)
        # As many items may have moved before this page's start, so the next page starts there again.
        unread_from = max(0, self._unread_from - vanished)
        self._unread_from = unread_from if unread_from < offset else max(unread_from, offset + len(received))
        fresh = self._new_items(received)
        if limit is not None:  # the service may return more than requested
            fresh = fresh[: limit - self.given]
        self.given += len(fresh)
        if total is None and not isinstance(has_more, bool):
            continues = len(received) >= min(self.size, page_limit or self.size)
        else:
            continues = has_more is True or self._unread_from < (total or 0)
        self.is_done = not continues or self.given == limit or not (received or vanished)
        if limit is not None:
            self.size = min(self.size, limit - self.given)
        # If items keep vanishing, each page also starts as many items early, or reading would only go back.
        self.offset = max(0, self._unread_from - min(vanished, self.size // 2))
        self._total = total
        return Page(fresh, total, offset, not self.is_done)

    def _new_items(self, received: list[Any]) -> list[Any]:
        """Return the new items, without those that are not JSON objects, such as null.

        Raises:
            UnexpectedResponseError: Page after page has nothing new.
        """
        identity: Callable[[Any], object] = self.listing.identity
        seen, order = self._seen, self._order
        fresh: list[Any] = []
        for item in received:
            if not isinstance(item, Model):
                continue
            key = identity(item)
            if isinstance(key, str):
                if key in seen:
                    continue
                seen.add(key)
                order.append(key)
            fresh.append(item)
        while len(order) > REMEMBERED:
            seen.discard(order.popleft())
        is_read_again = self.offset + len(received) <= self._farthest
        self._farthest = max(self._farthest, self.offset + len(received))
        # Items without an identity all count as new, unless the whole page equals the one before.
        if not received or is_read_again or (fresh and received != self._previous):
            self._stale = self._stale if is_read_again else 0
        else:
            self._stale += 1
        self._previous = received
        if self._stale > MAX_STALE_PAGES:
            raise UnexpectedResponseError(
                f"the list repeats itself: {self._stale} pages in a row had nothing new, "
                "as if the service ignored the offset. Pass limit=, or read the pages with client.call"
            )
        return fresh
