# Derived from ../_async/test_partial.py by `make derive`. Do not edit.
"""Results that were obtained before an error, in methods that send several requests."""

from __future__ import annotations

import pickle

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_client.errors import APIError, NotFoundError

PHONE = "+15551234567"


def test_removed_tags_are_on_the_error(stub: Blooio, httpserver: HTTPServer) -> None:
    """The error keeps the results of the tags before the one that failed, even when pickled."""
    for tag, status in (("a", 200), ("b", 200), ("c", 404)):
        path = f"/v2/api/contacts/{PHONE}/tags/{tag}"
        httpserver.expect_request(path, method="DELETE").respond_with_json({"success": True}, status=status)

    with pytest.raises(NotFoundError) as caught:
        stub.contacts.tags.remove(PHONE, ["a", "b", "c", "d"])

    assert [deletion.success for deletion in caught.value.partial] == [True, True]
    assert pickle.loads(pickle.dumps(caught.value)).partial == caught.value.partial  # noqa: S301 - our own


def test_looked_up_numbers_are_on_the_error(stub: Blooio, httpserver: HTTPServer) -> None:
    """The error keeps the results of the batches before the one that failed."""
    numbers = [f"+1555{number:07}" for number in range(150)]
    found = {"results": [{"input": number, "valid": True} for number in numbers[:100]]}
    path = "/v2/api/phone-numbers/batch"
    httpserver.expect_ordered_request(path).respond_with_json(found)
    httpserver.expect_ordered_request(path).respond_with_json({"error": "x"}, status=403)

    with pytest.raises(APIError) as caught:
        stub.phone_numbers.lookup_many(numbers)

    assert [result.input for result in caught.value.partial] == numbers[:100]


def test_an_error_of_a_single_request_has_no_results(stub: Blooio, httpserver: HTTPServer) -> None:
    """`partial` is empty if the method sends only one request."""
    httpserver.expect_request("/v2/api/me").respond_with_json({"error": "x"}, status=403)

    with pytest.raises(APIError) as caught:
        stub.me()

    assert caught.value.partial == ()
