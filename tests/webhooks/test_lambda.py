"""Deliveries from AWS Lambda events."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import Receiver, example, from_lambda

SECRET = "whsec_lambda"
CAME = example("message.received", text="Grüße", secret=SECRET)
(SIGNATURE,) = CAME.headers.items()
V1 = {"httpMethod": "POST", "body": CAME.body.decode(), "isBase64Encoded": False}
V2 = {"requestContext": {"http": {"method": "POST"}}, "body": CAME.body.decode(), "isBase64Encoded": False}
IN_BASE64 = {"body": base64.b64encode(CAME.body).decode(), "isBase64Encoded": True}


@pytest.mark.parametrize(
    "event",
    [
        {**V1, "headers": dict([SIGNATURE])},
        {**V1, "headers": None, "multiValueHeaders": {SIGNATURE[0]: [SIGNATURE[1]]}},
        {**V2, "headers": dict([SIGNATURE])},
        {**V2, **IN_BASE64, "headers": dict([SIGNATURE])},
    ],
    ids=["REST API", "load balancer", "function URL", "base64"],
)
def test_a_delivery_is_accepted(event: dict[str, Any]) -> None:
    """Every kind of Lambda event yields the original delivery."""
    receiver = Receiver(secret=SECRET, tolerance=None)
    assert receiver.receive(from_lambda(event)) == 200
    assert receiver.drain() == 1


def test_an_empty_request_is_rejected_by_the_receiver() -> None:
    """A request without headers and body is rejected: it is unsigned, or not a POST."""
    receiver = Receiver(secret=SECRET)
    assert receiver.receive(from_lambda({"httpMethod": "POST", "body": None, "headers": None})) == 401
    assert receiver.receive(from_lambda({"httpMethod": "GET", "body": None, "headers": None})) == 405


@pytest.mark.parametrize(
    "event",
    [
        *({}, {"requestContext": None}, {"requestContext": "x"}, {"requestContext": {"http": "POST"}}),
        *(None, [], "POST", {**V1, "body": {"event": "message.received"}}),
        *({**V1, "body": body, "isBase64Encoded": True} for body in ("%%%", "é")),
    ],
)
def test_an_invalid_lambda_event_raises(event: Any) -> None:
    """Other events, a parsed body and invalid base64 raise one of our errors."""
    with pytest.raises(InvalidArgumentError, match="event"):
        from_lambda(event)
