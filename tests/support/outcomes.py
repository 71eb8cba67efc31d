"""Calls after some attempts, and outcomes of attempts."""

from typing import Any, Final

from blooio_client import calls
from blooio_client.types import Call
from blooio_overrides._call.failures import CallState
from blooio_overrides._call.operations import OPERATIONS, Repeat
from blooio_overrides._call.outcome import Failure, Response

NOT_SENT: Final = Failure("the connection failed", sent=False, timed_out=False)
NO_CONNECTION_IN_TIME: Final = Failure("connecting took too long", sent=False, timed_out=True)
BROKEN: Final = Failure("the connection broke", sent=None, timed_out=False)
SLOW: Final = Failure("the response took too long", sent=None, timed_out=True)

PHONE = "+15551234567"
SEND = calls.send_message(PHONE, body={"text": "canary-text"}, idempotency_key="order-42")
SAFE = calls.get_chat(PHONE)
VISIBLE = calls.add_reaction(PHONE, "msg_canary", body={"reaction": "+love"})
ONCE = calls.send_poll(PHONE, body={"options": ["canary-a", "canary-b"]})
DELETE = calls.delete_contact(PHONE)
ALL = [SEND, SAFE, VISIBLE, ONCE, DELETE]

CANARY = (
    b'{"error":"ApiError","message":"canary-message of ann@example.com","code":"gone_canary",'
    b'"sender_number":"+15559998888","status":400}'
)


def state(call: Call[Any], *, attempts: int = 1, uncertain: bool = False) -> CallState:
    """A call after some attempts."""
    key = "order-42" if call is SEND else None
    repeat = OPERATIONS[call.operation].repeat if call.operation else Repeat.ONCE
    return CallState(call, repeat, key, attempts=attempts, uncertain=uncertain)


def response(status: int, body: bytes = b'{"error":"ApiError"}', **headers: str) -> Response:
    """A response from the service."""
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
