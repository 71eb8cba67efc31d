"""Event bodies in the forms that receivers may get: flat or in an envelope, one by one or in batches."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from blooio_sandbox.state.database import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import Account, Row

Payload: TypeAlias = Literal["v2", "v4"]
Attachments: TypeAlias = Literal["object", "url", "both"]
Batches: TypeAlias = Literal["none", "list", "events"]

API_VERSION: str = "2026-10-01"
CHOICES: dict[str, tuple[str, ...]] = {
    "payload": ("v2", "v4"),
    "attachments": ("object", "url", "both"),
    "batches": ("none", "list", "events"),
}

# The fields of version 2 that have another name, or none, in an envelope.
_DROPPED = frozenset(
    {
        *("event", "timestamp", "external_id", "internal_id", "chat_guid", "chat_name"),
        *("is_group", "group_id", "group_name", "participants"),
    }
)


@dataclass(frozen=True)
class Form:
    """How a webhook gets its events."""

    payload: Payload
    attachments: Attachments
    batches: Batches
    sparse: bool


def form_of(webhook: Row, account: Account) -> Form:
    """Return the form of a webhook: its own, else that of the sandbox."""
    names = ("payload", "attachments", "batches", "sparse")
    return Form(**{name: getattr(account, name) if webhook[name] is None else webhook[name] for name in names})


def write_payload(body: str, event_id: str, form: Form, organization_id: str, contact: Json) -> str:
    """Return the body of one event in a webhook's form; the stored body is flat, with objects as attachments."""
    if (form.payload, form.attachments, form.sparse) == ("v2", "object", False):
        return body
    flat: Json = json.loads(body)
    if "attachments" in flat:
        flat["attachments"] = [
            each["url"] if form.attachments == "url" or (form.attachments == "both" and index % 2 == 0) else each
            for index, each in enumerate(flat["attachments"])
        ]
    if form.sparse:
        flat = _thinned(flat)
    return dump(flat if form.payload == "v2" else _envelope(flat, event_id, organization_id, contact))


def write_batch(bodies: Sequence[str], batches: Batches) -> str:
    """Return the body of a delivery that holds these events."""
    if batches == "none":
        return bodies[0]
    events = f"[{','.join(bodies)}]"
    return events if batches == "list" else f'{{"events":{events}}}'


def delivery_id(webhook_id: str, event_id: str) -> str:
    """Return the id of a delivery: the same for its retries, another for a replay."""
    return f"wdel_{_digest(webhook_id + event_id)}"


def _thinned(flat: Json) -> Json:
    is_received = flat["event"] == "message.received"
    return {
        name: value
        for name, value in flat.items()
        if value is not None and value != [] and not (is_received and name == "status")
    }


def _envelope(flat: Json, event_id: str, organization_id: str, contact: Json) -> Json:
    own, other = flat.get("internal_id"), flat["external_id"]
    direction = flat.get("direction") or ("inbound" if flat.get("sender") else "outbound")
    is_group = flat.get("is_group", False)
    names = {"group_id": "group_id", "name": "group_name", "participants": "participants"}
    data = {name: value for name, value in flat.items() if name not in _DROPPED} | {
        "kind": "group" if is_group else "direct",
        "group": {name: flat.get(source) for name, source in names.items()} if is_group else None,
        "contact": contact,
        "chat_id": f"chat_{_digest(other)}",
        "direction": direction,
        "sender": flat.get("sender"),
        "recipient": own if direction == "inbound" else other,
        "channel_id": f"ch_{_digest(str(own))}",
        "channel_type": "blooio",
        "channel_address": own,
        "reply_to_message_id": flat.get("reply_to", {}).get("message_id"),
    }
    head = {"id": event_id, "type": flat["event"], "api_version": API_VERSION, "created_at": flat["timestamp"]}
    return {**head, "organization_id": organization_id, "data": data}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
