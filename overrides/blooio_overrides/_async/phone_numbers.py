"""What is known of anybody's phone number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.phone_numbers import batches, checked_numbers, lookup_call, results_of
from ..errors import keeping

if TYPE_CHECKING:
    from blooio_client.models import Contact, PhoneNumber, PhoneNumberLookup

    from .._call.settings import Timeout
    from .sender import AsyncSender

    AnyNumber = str | PhoneNumber | Contact


class AsyncPhoneNumbers:
    """What is known of anybody's phone number: `client.phone_numbers`. It takes an Enterprise plan."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def lookup(
        self, number: AnyNumber, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> PhoneNumberLookup:
        """Look a phone number up: whether it is valid, how it is written, of what type and from where it is.

        Args:
            number: The number in any form, such as `(212) 555-0123`, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: it is blank.
            PermissionDeniedError: The plan does not cover it.

        Source: lookupPhoneNumber, lookupPhoneNumberPost
        """
        return await self._sender.call(lookup_call(number), Options(timeout, headers))

    async def lookup_many(
        self,
        numbers: Iterable[AnyNumber],
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Sequence[PhoneNumberLookup]:
        """Look any count of phone numbers up, with one request for each 100.

        Args:
            numbers: The numbers in any form, or objects that have them; none at all sends nothing.
            timeout: Overrides the client's timeout for each request.
            headers: Additional headers for this call.

        Returns:
            One result for each number, in their order.

        Raises:
            InvalidArgumentError: Nothing was sent: one of them is blank.
            PermissionDeniedError: The plan does not cover it.
            UnexpectedResponseError: The service gave no result for one of them.
            BlooioError: A request failed; `error.partial` holds the results of those before it.

        Source: batchLookupPhoneNumbers
        """
        results: list[PhoneNumberLookup] = []
        for batch in batches(checked_numbers(numbers)):
            call = calls.batch_lookup_phone_numbers(body={"numbers": batch})
            with keeping(results):
                results += results_of(await self._sender.exchange(call, Options(timeout, headers)), batch)
        return results

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
