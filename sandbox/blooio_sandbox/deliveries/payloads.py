"""Event bodies in the forms that receivers meet: flat or in an envelope, attachments as URLs or objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from blooio_sandbox.state.database import dump

if TYPE_CHECKING:
    from blooio_sandbox.responses import Json

Payload: TypeAlias = Literal["v2", "v4"]
Attachments: TypeAlias = Literal["object", "url", "both"]

_API_VERSION = "2026-10-01"
# The fields of version 2 that have another name, or none, in an envelope.
_RENAMED = {"external_id": "chat_id", "internal_id": "channel_id"}
_DROPPED = frozenset({"event", "timestamp", "is_group", "group_id", "group_name", "participants"})


def write_payload(body: str, event_id: str, organization_id: str, payload: Payload, attachments: Attachments) -> str:
    """Return the body of an event as a webhook wants it; the stored body is flat, with objects as attachments."""
    if payload == "v2" and attachments == "object":
        return body
    flat: Json = json.loads(body)
    if "attachments" in flat:
        flat["attachments"] = [
            each["url"] if attachments == "url" or (attachments == "both" and index % 2 == 0) else each
            for index, each in enumerate(flat["attachments"])
        ]
    return dump(flat if payload == "v2" else _envelope(flat, event_id, organization_id))


def _envelope(flat: Json, event_id: str, organization_id: str) -> Json:
    data = {_RENAMED.get(name, name): value for name, value in flat.items() if name not in _DROPPED}
    is_group = flat.get("is_group", False)
    names = {"group_id": "group_id", "name": "group_name", "participants": "participants"}
    group = {name: flat[source] for name, source in names.items()} if is_group else None
    data |= {"kind": "group" if is_group else "direct", "group": group}
    head = {"id": event_id, "type": flat["event"], "api_version": _API_VERSION, "created_at": flat["timestamp"]}
    return {**head, "organization_id": organization_id, "data": data}
