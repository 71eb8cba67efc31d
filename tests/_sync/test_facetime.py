# Derived from ../_async/test_facetime.py by `make derive`. Do not edit.
"""FaceTime calls."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import Blooio
from blooio_client.errors import ComingSoonError, InvalidArgumentError, ServerError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


def test_calls_are_not_available_yet(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A call is sent as documented, and the service's 501 raises ComingSoonError."""
    with pytest.raises(ComingSoonError):
        client.facetime.call(PHONE)

    assert received(blooio_sandbox) == [("POST", "/facetime/calls", {"handle": PHONE})]


def test_a_call_has_a_link(stub: Blooio, httpserver: HTTPServer) -> None:
    """The documented response has a link."""
    httpserver.expect_request("/v2/api/facetime/calls").respond_with_json({"link": "https://facetime.apple.com/join"})

    call = stub.facetime.call("ann@example.com")

    assert call.link == "https://facetime.apple.com/join"


def test_a_call_of_unknown_outcome_does_not_ring_again(stub: Blooio, httpserver: HTTPServer) -> None:
    """A call with an unknown outcome is not retried, so it cannot ring twice."""
    httpserver.expect_request("/v2/api/facetime/calls").respond_with_data("", status=500)

    with pytest.raises(ServerError) as caught:
        stub.facetime.call(PHONE)

    assert caught.value.attempts == 1


@pytest.mark.parametrize("invalid", ["", "Ann", "555-1234-567", None])
def test_an_invalid_recipient_raises(client: Blooio, blooio_sandbox: Sandbox, invalid: Any) -> None:
    """Only a phone number or an email address can be called."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        client.facetime.call(invalid)

    assert blooio_sandbox.requests == []
