"""Example deliveries for your tests."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from blooio_client.types import Secret

from ..arguments import reject
from .events import CLASSES
from .signatures import HEADER, sign
from .work import Delivery

_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "message.received": {"text": "Hi", "attachments": [], "status": "received"},
        "message.queued": {"text": "Hi", "attachments": [], "status": "queued"},
        "message.sent": {"text": "Hi", "attachments": [], "status": "sent"},
        "message.delivered": {"text": "Hi", "attachments": [], "status": "delivered"},
        "message.read": {"text": "Hi", "attachments": [], "status": "read"},
        "message.failed": {
            "text": "Hi",
            "attachments": [],
            "status": "failed",
            "error_code": "not_delivered",
            "error_message": "Not delivered",
        },
        "message.reaction": {"reaction": "love", "action": "add", "direction": "inbound", "original_text": "Hi"},
        "poll.created": {"poll_id": "poll_example", "title": "Lunch?", "options": ["Yes", "No"]},
        "poll.received": {"poll_id": "poll_example", "title": "Lunch?", "options": ["Yes", "No"]},
        "poll.voted": {
            "poll_id": "poll_example",
            "title": "Lunch?",
            "options": ["Yes", "No"],
            "option": {"text": "Yes"},
        },
        "group.name_changed": {"group_name": "Lunch"},
    }
)
_WITH_MESSAGE: Final = ("message.", "poll.")
_TIMES: Final = {"message.sent": "sent_at", "message.delivered": "delivered_at", "message.read": "read_at"}


def example(
    kind: str,
    /,
    *,
    secret: str | Secret = "whsec_example",  # noqa: S107 - of tests
    chat_id: str = "+15551234567",
    **fields: Any,
) -> Delivery:
    """Return a signed delivery of one event, such as `example("message.received", text="Hi")`.

    Each call creates a new event. Pass it to `receiver.receive`, or its body and headers to your application. To get
    the event itself, use `webhooks.parse(example(...).body)`.

    Args:
        kind: The type of the event.
        secret: The signing secret of the receiver under test.
        chat_id: The other party, or a group, whose id starts with `grp_`.
        fields: Fields of the event to set: `text`, `sender`, `attachments`, `message_id`, `timestamp` (Unix
            milliseconds) and so on. None leaves a field out.

    Raises:
        InvalidArgumentError: The event type does not exist.
    """
    if kind not in CLASSES:
        reject(f"kind must be one of {', '.join(CLASSES)}")
    now = int(time.time() * 1000)
    is_group = chat_id.startswith("grp_")
    event: dict[str, Any] = {
        "event": kind,
        "external_id": chat_id,
        "internal_id": "+15559876543",
        "protocol": "imessage",
        "timestamp": now,
        "sender": "+15551234567" if is_group else chat_id,
        "is_group": is_group,
        **({"group_id": chat_id, "group_name": "Lunch", "participants": []} if is_group else {}),
        **({"message_id": f"msg_{uuid.uuid4().hex}"} if kind.startswith(_WITH_MESSAGE) else {}),
        **({_TIMES[kind]: now} if kind in _TIMES else {}),
        **_FIELDS.get(kind, {}),
        **fields,
    }
    body = json.dumps({name: value for name, value in event.items() if value is not None}).encode()
    return Delivery("POST", {HEADER: sign(body, secret)}, body)
