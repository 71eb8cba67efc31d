"""Paged lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from ..pagination import Listing, NotAwaitable, Page, Reader

if TYPE_CHECKING:
    from .._call.exchange import Options
    from .sender import AsyncSender

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class AsyncPager(NotAwaitable, Generic[T]):
    """A paged list of the API. Pages are requested as you iterate; nothing is sent before that.

    Iterating again reads the list again. If the list changes while you read, an item that comes twice is yielded once,
    and deleted items do not hide others; see the guide on pagination for mixed changes.
    """

    __module__ = "blooio_client"

    # Each field is hidden as well: rich and structlog inspect attrs classes.
    _sender: AsyncSender = attrs.field(repr=False)
    _listing: Listing[T] = attrs.field(repr=False)
    _options: Options = attrs.field(repr=False)

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield item after item.

        Raises:
            BlooioError: A page could not be read.
        """
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Yield page after page.

        Raises:
            BlooioError: A page could not be read.
        """
        reader = Reader(self._listing)
        while not reader.is_done:
            yield reader.take(await self._sender.call(reader.next_call(), self._options))

    async def first(self) -> T | None:
        """Return the first item, or None if the list is empty.

        Raises:
            BlooioError: The list could not be read.
        """
        only = Reader(attrs.evolve(self._listing, limit=1, page_size=1))
        page = only.take(await self._sender.call(only.next_call(), self._options))
        return page.items[0] if page.items else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._listing.items}>"
