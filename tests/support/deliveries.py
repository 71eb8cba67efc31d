"""Webhook deliveries for tests of receivers."""

from __future__ import annotations

from itertools import count
from typing import Any

from blooio_overrides.webhooks import Delivery, example

SECRET = "whsec_canary"
CHAT = "+15551234567"
_numbers = count()


def delivery(kind: str = "message.received", *, secret: str = SECRET, **fields: Any) -> Delivery:
    """Return a signed delivery of one event whose text is a canary."""
    if kind.startswith("message.") and "text" not in fields:
        fields["text"] = "canary"
    return example(kind, secret=secret, **fields)


def message(text: str, chat_id: str = CHAT) -> Delivery:
    """Return a message with an id derived from its text."""
    return delivery(text=text, chat_id=chat_id, message_id=f"msg_{text}_{next(_numbers)}")
