# Derived from ../_async/numbers.py by `make derive`. Do not edit.
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
    from .contact_cards import ContactCards
    from .sender import Sender


class Numbers:
    """The numbers of the API key: `client.numbers`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    @cached_property
    def contact_card(self) -> ContactCards:
        """The contact cards (name and photo) of your numbers."""
        from .contact_cards import ContactCards

        return ContactCards(self._sender)

    def list(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Sequence[PhoneNumber]:
        """List your numbers, and whether each is active.

        Source: listNumbers
        """
        return (self._sender.call(calls.list_numbers(), Options(timeout, headers))).numbers

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
