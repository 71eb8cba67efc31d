"""The numbers of an API key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from ..chat_ids import own_number

if TYPE_CHECKING:
    from blooio_client.models import CallForwardingTicket, ContactCard, Device, PhoneNumber, UpdatedContactCard

    from .._call.settings import Timeout
    from .contact_cards import AsyncContactCards
    from .sender import AsyncSender

    AnyNumber = str | PhoneNumber | Device | ContactCard | UpdatedContactCard


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

    async def forward_calls(
        self,
        number: AnyNumber,
        to: AnyNumber,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> CallForwardingTicket:
        """Ask Blooio to forward calls to one of your numbers to another number.

        This opens a support request: Blooio changes the forwarding by hand, typically within one business day. It is
        for dedicated and inbound US numbers, and not in the published document.

        It is not retried if the outcome is unknown, since every attempt opens another request.

        Args:
            number: One of your numbers in E.164 format, or an object that has one.
            to: The US number that calls are forwarded to, in E.164 format, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The support request, with its `ticket_id`.

        Raises:
            InvalidArgumentError: Nothing was sent: a number is not in E.164 format.
            BadRequestError: The number is shared, or a number is not a US number.
            PermissionDeniedError: Your organization cannot open support requests.

        Source: requestCallForwarding
        """
        body = {"forward_to": own_number(to, "to")}
        call = calls.request_call_forwarding(own_number(number), body=body)
        return await self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
