# Derived from ../_async/test_numbers.py by `make derive`. Do not edit.
"""The numbers of the API key, and their contact cards."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import Blooio
from blooio_client.errors import ComingSoonError, InvalidArgumentError, PermissionDeniedError, ServerError
from blooio_client.models import ContactCardSharing, PlanKind
from blooio_sandbox import Sandbox

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def test_numbers_are_a_plain_list(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """All numbers are returned at once, with times as datetimes."""
    client.chat("+15551234567").send("Hello")

    numbers = client.numbers.list()

    assert [number.phone_number for number in numbers] == list(blooio_sandbox.numbers)
    assert numbers[0].last_active is not None
    assert numbers[0].last_active.tzinfo is not None
    assert received(blooio_sandbox)[1:] == [("GET", "/me/numbers", None)]


def test_a_card_is_updated(client: Blooio, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """Only the given fields are sent, and the avatar is sent as base64."""
    picture = tmp_path / "me.png"
    picture.write_bytes(PNG)
    (number, *_) = client.numbers.list()

    card = client.numbers.contact_card.update(number, first_name="Ann", avatar=picture)
    same = client.numbers.contact_card.update(blooio_sandbox.number, last_name="Lee", sharing={"enabled": True})
    client.numbers.contact_card.update(number, sharing=ContactCardSharing(audience=1), avatar=io.BytesIO(PNG))

    path = f"/me/numbers/%2B{blooio_sandbox.number[1:]}/contact-card"
    encoded = base64.b64encode(PNG).decode()
    assert (card.first_name, same.first_name, same.last_name) == ("Ann", "Ann", "Lee")
    assert received(blooio_sandbox)[1:] == [
        ("PUT", path, {"first_name": "Ann", "avatar": encoded}),
        ("PUT", path, {"last_name": "Lee", "sharing": {"enabled": True}}),
        ("PUT", path, {"avatar": encoded, "sharing": {"audience": 1}}),
    ]


def test_reading_a_card_is_not_available_yet(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Reading is sent as documented, and the service's 501 raises ComingSoonError."""
    with pytest.raises(ComingSoonError):
        client.numbers.contact_card.get(blooio_sandbox.number)

    assert received(blooio_sandbox) == [("GET", f"/me/numbers/%2B{blooio_sandbox.number[1:]}/contact-card", None)]


def test_a_card_can_be_read_once_the_service_supports_it(stub: Blooio, httpserver: HTTPServer) -> None:
    """The documented response is parsed."""
    httpserver.expect_request("/v2/api/me/numbers/+15551234567/contact-card").respond_with_json(
        {"phone_number": "+15551234567", "first_name": "Ann", "sharing": {"enabled": True}}
    )

    card = stub.numbers.contact_card.get("+15551234567")

    assert card.sharing is not None
    assert (card.first_name, card.sharing.enabled) == ("Ann", True)


def test_the_card_of_another_number_is_forbidden(client: Blooio) -> None:
    """The card of a number that belongs to another API key cannot be changed."""
    with pytest.raises(PermissionDeniedError):
        client.numbers.contact_card.update("+15551234567", first_name="Ann")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first_name": None}, "cannot be cleared"),
        ({"last_name": 7}, "last_name is int"),
        ({"avatar": b"GIF89a and more"}, "JPEG or PNG"),
        ({"avatar": "missing.png"}, "of an existing file"),
        ({"avatar": None}, "avatar is NoneType"),
        ({"sharing": True}, "sharing is bool"),
    ],
)
def test_an_invalid_card_raises(client: Blooio, blooio_sandbox: Sandbox, changes: dict[str, Any], reason: str) -> None:
    """Invalid values raise an error, and nothing is sent."""
    with pytest.raises(InvalidArgumentError, match=reason):
        client.numbers.contact_card.update(blooio_sandbox.number, **changes)

    assert blooio_sandbox.requests == []


def test_calls_are_forwarded(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Numbers, or objects with a number, are sent in one request, and the ticket is returned."""
    (number, *_) = client.numbers.list()
    ticket = client.numbers.forward_calls(number, "+15559876543")

    assert number.plan_kind == PlanKind.DEDICATED
    assert (ticket.success, ticket.status, ticket.forward_to) == (True, "open", "+15559876543")
    path = f"/me/numbers/%2B{blooio_sandbox.number[1:]}/call-forwarding"
    assert received(blooio_sandbox)[1:] == [("POST", path, {"forward_to": "+15559876543"})]


def test_a_second_ticket_is_not_opened(stub: Blooio, httpserver: HTTPServer) -> None:
    """A request whose response was lost may have opened a ticket, so it is not retried."""
    httpserver.expect_request("/v2/api/me/numbers/+15550100001/call-forwarding").respond_with_data("", status=500)

    with pytest.raises(ServerError) as caught:
        stub.numbers.forward_calls("+15550100001", "+15559876543")

    assert (caught.value.sent, caught.value.attempts) == (None, 1)


@pytest.mark.parametrize("number", ["", "555-1234", "ann@example.com", None])
def test_an_invalid_number_raises(client: Blooio, blooio_sandbox: Sandbox, number: Any) -> None:
    """A number must be in E.164 format."""
    with pytest.raises(InvalidArgumentError, match="number"):
        client.numbers.contact_card.get(number)
    with pytest.raises(InvalidArgumentError, match="number"):
        client.numbers.contact_card.update(number, first_name="Ann")
    with pytest.raises(InvalidArgumentError, match=r"to is|phone number"):
        client.numbers.forward_calls("+15550100001", number)

    assert blooio_sandbox.requests == []
