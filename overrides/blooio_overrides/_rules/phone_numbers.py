"""Choose the calls that look up phone numbers, and put the results in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from blooio_client import calls
from blooio_client.models import PhoneNumberLookup, PhoneNumberLookupList
from blooio_client.types import Call

from .._call.exchange import Exchange
from .._call.failures import unexpected_response
from .._call.request import MAX_BATCH
from ..arguments import id_of, is_several, reject

# Any other text, such as an extension, goes in the body: the OpenAPI document warns against it in a query.
_FIT_FOR_A_QUERY: Final = re.compile(r"[+0-9(). \-]+")


def lookup_call(number: object) -> Call[PhoneNumberLookup]:
    """Return the call that looks up a number, in the query or, if the text needs it, in the body.

    Raises:
        InvalidArgumentError: It is blank, or not a str.
    """
    text = _looked_up(number)
    if _FIT_FOR_A_QUERY.fullmatch(text):
        return calls.lookup_phone_number(number=text)
    return calls.lookup_phone_number_post(body={"number": text})


def checked_numbers(numbers: object) -> list[str]:
    """Return the numbers to look up.

    Raises:
        InvalidArgumentError: They are not a list, or one is blank or not a str.
    """
    if not is_several(numbers):
        reject(f"numbers is {type(numbers).__name__}; expected a list of phone numbers. Use lookup for a single one")
    return [_looked_up(number) for number in numbers]


def _looked_up(number: object) -> str:
    return id_of(number, "number", "phone_number", "identifier")


def batches(numbers: list[str]) -> Iterator[list[str]]:
    """Yield numbers in batches of the largest size that the service accepts."""
    for start in range(0, len(numbers), MAX_BATCH):
        yield numbers[start : start + MAX_BATCH]


def results_of(exchange: Exchange, numbers: list[str]) -> list[PhoneNumberLookup]:
    """Return the results of a batch, one for each number, in the order of the numbers.

    Raises:
        UnexpectedResponseError: A number has no result.
        BlooioError: The numbers could not be looked up.
    """
    response = exchange.successful_response()
    listed: list[Any] = PhoneNumberLookupList.from_dict(response.json).results
    results = [result for result in listed if isinstance(result, PhoneNumberLookup)]
    by_input = {str(result.input): result for result in results}
    if by_input.keys() >= set(numbers):
        return [by_input[number] for number in numbers]
    if len(results) != len(numbers):
        raise unexpected_response(
            exchange.state, response, f"its response has {len(results)} results for {len(numbers)} numbers"
        )
    return results
