"""The arithmetic of paging: what to ask for next, what was seen already, when it ends. Nothing here sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar, overload

import attrs

from blooio_client.types import Call, Model

from .arguments import checked_limit
from .errors import UnexpectedResponseError

T = TypeVar("T")

LARGEST_PAGE: Final = 200
DEFAULT_PAGE: Final = 100
REMEMBERED: Final = 10_000
"""How many items back a shifted one is recognised; it bounds the memory of a pager."""

MOST_STALE: Final = 10
"""How many pages in a row may hold nothing new; a list that shifts has one or two of them."""


@attrs.frozen(repr=False)
class Page(Sequence[T], Generic[T]):
    """One page of a list: a sequence of its items."""

    items: list[T]
    total: int | None
    """How many items the service says there are."""
    offset: int
    """How many items came before this page."""
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
    """A list of the API that comes in pages: how to ask for one, and where its items are."""

    call: Callable[[int, int], Call[Any]]
    """Makes the call for a limit and an offset."""
    items: str
    """The attribute of the response that holds the items."""
    identity: Callable[[T], object]
    """What makes an item itself, to recognise it where it is shown twice."""
    limit: int | None
    page_size: int


def listing(
    call: Callable[[int, int], Call[Any]],
    items: str,
    identity: Callable[[T], object],
    *,
    limit: int | None,
    page_size: int | None,
) -> Listing[T]:
    """Describe a list of the API.

    Args:
        call: Makes the call for a limit and an offset.
        items: The attribute of the response that holds the items.
        identity: What makes an item itself.
        limit: How many items to read at most; None for all.
        page_size: How many to ask for at once, 1-200.

    Raises:
        InvalidArgumentError: limit or page_size is out of its range.
    """
    most = checked_limit(limit, "limit")
    size = checked_limit(page_size, "page_size", at_most=LARGEST_PAGE)
    return Listing(call, items, identity, most, size or min(most or DEFAULT_PAGE, DEFAULT_PAGE))


@attrs.define(eq=False)
class Reader(Generic[T]):
    """How far a listing has been read."""

    listing: Listing[T]
    offset: int = 0
    given: int = 0
    is_done: bool = False
    _stale: int = 0
    _previous: list[Any] = attrs.field(factory=list[Any])
    _seen: set[str] = attrs.field(factory=set[str])
    _order: deque[str] = attrs.field(factory=deque[str])

    def next_call(self) -> Call[Any]:
        """The call for the next page."""
        return self.listing.call(self._size(), self.offset)

    def _size(self) -> int:
        left = self.listing.page_size if self.listing.limit is None else self.listing.limit - self.given
        return min(self.listing.page_size, left)

    def take(self, response: Model) -> Page[T]:
        """Read a response: its items without those shown before, and whether there is more."""
        came: list[Any] = getattr(response, self.listing.items)
        pagination = getattr(response, "pagination", None)
        total = _count(getattr(pagination, "total", None))
        asked, offset = self._size(), self.offset
        self.offset += len(came)
        fresh = self._new_ones(came)
        if self.listing.limit is not None:  # a service that gives more than it was asked for
            fresh = fresh[: self.listing.limit - self.given]
        self.given += len(fresh)
        # Items without an identity are all new, but not on the very same page as before.
        self._refuse_repetition(is_stale=bool(came) and (not fresh or came == self._previous))
        self._previous = came
        self.is_done = (
            not came
            or getattr(pagination, "has_more", None) is False
            or len(came) < min(asked, _count(getattr(pagination, "limit", None)) or asked)
            or (total is not None and self.offset >= total)
            or self.given == self.listing.limit
        )
        return Page(fresh, total, offset, not self.is_done)

    def _refuse_repetition(self, *, is_stale: bool) -> None:
        self._stale = self._stale + 1 if is_stale else 0
        if self._stale > MOST_STALE:
            raise UnexpectedResponseError(
                f"the list repeats itself: {self._stale} pages in a row had nothing new, "
                "as if the service ignored the offset. Give a limit, or ask for the pages by hand"
            )

    def _new_ones(self, came: list[Any]) -> list[Any]:
        """Return the items that were not shown before; one that is no JSON object, such as null, can serve nobody."""
        identity, seen, order = self.listing.identity, self._seen, self._order
        objects: list[Any] = [item for item in came if isinstance(item, Model)]
        fresh: list[Any] = []
        for item in objects:
            key = identity(item)
            if isinstance(key, str):
                if key in seen:
                    continue
                seen.add(key)
                order.append(key)
            fresh.append(item)
        while len(order) > REMEMBERED:
            seen.discard(order.popleft())
        return fresh


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
