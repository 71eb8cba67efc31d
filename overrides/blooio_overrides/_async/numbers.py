"""The numbers of an API key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options

if TYPE_CHECKING:
    from blooio_client.models import PhoneNumber

    from .._call.settings import Timeout
    from .contact_cards import AsyncContactCards
    from .sender import AsyncSender


class AsyncNumbers:
    """The numbers of the API key: `client.numbers`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    @cached_property
    def contact_card(self) -> AsyncContactCards:
        """The contact cards (name and photo) of your numbers."""
        from .contact_cards import AsyncContactCards

        return AsyncContactCards(self._sender)

    async def list(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Sequence[PhoneNumber]:
        """List your numbers, and whether each is active.

        Source: listNumbers
        """
        return (await self._sender.call(calls.list_numbers(), Options(timeout, headers))).numbers

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
