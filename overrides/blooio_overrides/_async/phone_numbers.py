"""Phone number lookups."""

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
    """Phone number lookups: `client.phone_numbers`. They need an Enterprise plan."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def lookup(
        self, number: AnyNumber, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> PhoneNumberLookup:
        """Look up a phone number: its validity, format, type and location.

        Args:
            number: The number in any form, such as `(212) 555-0123`, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the number is blank.
            PermissionDeniedError: Your plan does not include this.

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
        """Look up any number of phone numbers, with one request per 100.

        Args:
            numbers: The numbers in any form, or objects that have one; an empty list sends nothing.
            timeout: Overrides the client's timeout for each request.
            headers: Additional headers for this call.

        Returns:
            One result for each number, in the order given.

        Raises:
            InvalidArgumentError: Nothing was sent: a number is blank.
            PermissionDeniedError: Your plan does not include this.
            UnexpectedResponseError: A number has no result.
            BlooioError: A request failed; `error.partial` holds the results so far.

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
