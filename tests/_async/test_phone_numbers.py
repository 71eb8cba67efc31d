"""Lookups of phone numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from blooio_client import AsyncBlooio, calls
from blooio_client.errors import InvalidArgumentError, PermissionDeniedError, UnexpectedResponseError
from blooio_client.models import Contact

pytestmark = pytest.mark.anyio


def look_up(request: Request) -> Response:
    """Respond to any lookup, and to a batch in reverse order."""
    if request.method == "GET":
        found: Any = {"input": request.args["number"], "valid": True}
    elif "number" in request.get_json():
        found = {"input": request.get_json()["number"], "valid": True}
    else:
        found = {"results": [{"input": number} for number in reversed(request.get_json()["numbers"])]}
    return Response(json.dumps(found), content_type="application/json")


@pytest.fixture
def directory(httpserver: HTTPServer) -> HTTPServer:
    """A server that looks numbers up."""
    for path in ("lookup", "batch"):
        httpserver.expect_request(f"/v2/api/phone-numbers/{path}").respond_with_handler(look_up)
    return httpserver


@pytest.mark.parametrize(
    ("number", "query"),
    [
        ("+15551234567", b"number=%2B15551234567"),
        ("(212) 555-0123", b"number=%28212%29%20555-0123"),
        ("212.555.0123", b"number=212.555.0123"),
    ],
)
async def test_a_plain_number_is_sent_in_the_query(
    stub: AsyncBlooio, directory: HTTPServer, number: str, query: bytes
) -> None:
    """A number that fits a query is looked up with GET, each character encoded once."""
    found = await stub.phone_numbers.lookup(number)

    ((request, _),) = directory.log
    assert (request.method, request.query_string, found.input, found.valid) == ("GET", query, number, True)


@pytest.mark.parametrize(
    "number", ["(212) 555-0123 ext. 7", "+1 555 123 4567;ext=7", "#31#5551234", "\u0665\u0665\u0665", "call me"]
)
async def test_other_numbers_are_sent_in_the_body(stub: AsyncBlooio, directory: HTTPServer, number: str) -> None:
    """A number with other characters is looked up with POST."""
    found = await stub.phone_numbers.lookup(number)

    ((request, _),) = directory.log
    assert (request.method, request.get_json(), found.input) == ("POST", {"number": number}, number)


@pytest.mark.parametrize(
    ("count", "batches"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])]
)
async def test_many_numbers_are_sent_in_batches(
    stub: AsyncBlooio, directory: HTTPServer, count: int, batches: list[int]
) -> None:
    """Each request has at most 100 numbers, and the results are in the order of the numbers."""
    numbers = [f"+1555{index:07}" for index in range(count)]

    found = await stub.phone_numbers.lookup_many(iter(numbers))

    assert [result.input for result in found] == numbers
    assert [len(request.get_json()["numbers"]) for request, _ in directory.log] == batches


async def test_a_generated_batch_call_that_is_too_large(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A generated call with more numbers than a request allows raises an error that suggests `lookup_many`."""
    whole: dict[str, Any] = {"numbers": ["+15551234567"] * 101}
    httpserver.expect_request("/v2/api/phone-numbers/batch").respond_with_json({"results": []})

    with pytest.raises(InvalidArgumentError, match="lookup_many"):
        await stub.call(calls.batch_lookup_phone_numbers(body=whole))
    assert httpserver.log == []
    for body in ({"numbers": whole["numbers"][1:]}, {"numbers": "+15551234567"}):
        await stub.call(calls.batch_lookup_phone_numbers(body=body))


async def test_objects_and_repeated_numbers(stub: AsyncBlooio, directory: HTTPServer) -> None:
    """An object with a number is accepted, and a repeated number has a result each time."""
    ann = Contact(identifier="+15551234567")

    single = await stub.phone_numbers.lookup(ann)
    found = await stub.phone_numbers.lookup_many([ann, "+15550000001", "+15551234567"])

    assert single.input == "+15551234567"
    assert [result.input for result in found] == ["+15551234567", "+15550000001", "+15551234567"]
    assert len(directory.log) == 2


async def test_results_without_input_are_in_the_order_of_the_response(
    stub: AsyncBlooio, httpserver: HTTPServer
) -> None:
    """Results that do not repeat the numbers as sent are matched by their order."""
    results = [{"e164": "+15550000001"}, {"e164": "+15550000002"}]
    httpserver.expect_request("/v2/api/phone-numbers/batch").respond_with_json({"results": results})

    found = await stub.phone_numbers.lookup_many(["555-0001", "555-0002"])

    assert [result.e164 for result in found] == ["+15550000001", "+15550000002"]


async def test_a_missing_result_is_an_error(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A missing result raises an error, since the others could not be matched to their numbers."""
    results = [{"e164": "+15550000001"}, None]
    httpserver.expect_request("/v2/api/phone-numbers/batch").respond_with_json({"results": results})

    with pytest.raises(UnexpectedResponseError, match="1 results for 2 numbers"):
        await stub.phone_numbers.lookup_many(["555-0001", "555-0002"])


async def test_a_lookup_needs_the_right_plan(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A 403 raises PermissionDeniedError, for one number and for many."""
    for path in ("lookup", "batch"):
        httpserver.expect_request(f"/v2/api/phone-numbers/{path}").respond_with_json({"error": "x"}, status=403)

    with pytest.raises(PermissionDeniedError):
        await stub.phone_numbers.lookup("+15551234567")
    with pytest.raises(PermissionDeniedError):
        await stub.phone_numbers.lookup_many(["+15551234567"])


@pytest.mark.parametrize("number", ["", "  ", None, "+1555\u202a1234567", 5551234567])
async def test_a_blank_number_raises(stub: AsyncBlooio, httpserver: HTTPServer, number: Any) -> None:
    """A blank number raises an error before anything is sent, even in a second batch."""
    right = ["+15551234567"] * 100

    with pytest.raises(InvalidArgumentError, match="number"):
        await stub.phone_numbers.lookup(number)
    with pytest.raises(InvalidArgumentError, match="number"):
        await stub.phone_numbers.lookup_many([*right, number])

    assert httpserver.log == []


@pytest.mark.parametrize("numbers", ["+15551234567", None, 7])
async def test_many_numbers_must_be_a_list(stub: AsyncBlooio, httpserver: HTTPServer, numbers: Any) -> None:
    """An argument that is not a list raises an error that suggests `lookup`."""
    with pytest.raises(InvalidArgumentError, match="lookup for a single one"):
        await stub.phone_numbers.lookup_many(numbers)

    assert httpserver.log == []
