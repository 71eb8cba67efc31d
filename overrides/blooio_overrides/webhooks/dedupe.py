"""What makes an event itself: equal over redeliveries, and different for whatever else happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from blooio_client.types import JsonObject

from ..errors import SignatureMalformedError
from ..json_values import is_object
from .fields import text

_IDENTITIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # A reaction has the id of the message that it is a reaction to, and a vote that of its poll.
        "message.reaction": ("message_id", "sender", "reaction", "action", "timestamp"),
        "poll.created": ("poll_id",),
        "poll.received": ("poll_id",),
        "poll.voted": ("poll_id", "sender", "option", "timestamp"),
        "typing.started": ("sender", "timestamp"),
        "typing.stopped": ("sender", "timestamp"),
    }
)
_OF_MESSAGES: Final = frozenset(
    f"message.{what}" for what in ("received", "queued", "sent", "delivered", "read", "failed")
)


# What came as JSON refers to itself nowhere.
_encoder: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


def dedupe_key(kind: str, raw: JsonObject, data: JsonObject, chat_id: str | None) -> str:
    """Return the key of an event.

    Args:
        kind: The type of the event.
        raw: All that came.
        data: The same, without the envelope.
        chat_id: The chat that it is of.
    """
    if kind in _OF_MESSAGES and (message_id := text(data.get("message_id"))):
        return f"{kind}:{message_id}"
    if is_object(raw.get("data")) and (envelope_id := text(raw.get("id"))):
        return f"{kind}:{envelope_id}"
    values = [data.get(name) for name in _IDENTITIES.get(kind, ())]
    # With a part missing, only all that came can tell this event from the next one.
    is_whole = values and None not in values and "" not in values
    try:
        canonical = f"{kind} {chat_id!a} {values!a}" if is_whole else _encoder.encode(raw)
    except RecursionError:
        raise SignatureMalformedError("the body is nested too deeply: refuse the delivery") from None
    return hashlib.sha256(canonical.encode()).hexdigest()
