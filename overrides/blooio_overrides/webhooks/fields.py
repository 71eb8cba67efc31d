"""How each field of an event is read from its body, whatever the body is like."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from blooio_client.models import ContactRef, DeliveryStatus, Direction, Protocol, ReactionAction
from blooio_client.types import JsonObject, moment

from ..json_types import is_list, is_object
from .events import Attachment

Reader = Callable[[JsonObject], Any]
_MANY: Final = 10**13
"""Milliseconds, up to the year 2286, that are exact as a float of seconds."""


def text(value: Any) -> str | None:
    """Return a text that is not empty, else None."""
    return value if isinstance(value, str) and value else None


def time_of(value: Any) -> Any:
    """Return an aware time, else None."""
    if type(value) is int and 0 <= value < _MANY:
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC)
    read = moment(value)
    return None if isinstance(read, str | int | float) or not hasattr(read, "tzinfo") else read


def chat_id(data: JsonObject) -> str | None:
    """Return what to reply to: in a group the group and never one of its people, else the other party."""
    return group_id(data) or text(data.get("external_id")) or (None if is_group(data) else _other_party(data))


def _other_party(data: JsonObject) -> str | None:
    contact = data.get("contact")
    named = text(contact.get("identifier")) if is_object(contact) else None
    return named or text(data.get("recipient" if data.get("direction") == "outbound" else "sender"))


def is_group(data: JsonObject) -> bool:
    """Whether anything says that it happened in a group."""
    return bool(data.get("is_group") or data.get("group") or data.get("group_id"))


def group_id(data: JsonObject) -> str | None:
    """Return the group's id, wherever it stands."""
    group = data.get("group")
    if not is_object(group):
        return text(data.get("group_id"))
    return text(data.get("group_id")) or text(group.get("group_id")) or text(group.get("id"))


def _group_name(data: JsonObject) -> str | None:
    group = data.get("group")
    if not is_object(group):
        return text(data.get("group_name"))
    return text(data.get("group_name")) or text(group.get("name"))


def _internal_id(data: JsonObject) -> str | None:
    return text(data.get("internal_id")) or text(data.get("channel_address"))


def _participants(data: JsonObject) -> list[ContactRef] | None:
    value = data.get("participants")
    return [ContactRef.from_dict(item) for item in value if is_object(item)] if is_list(value) else None


def _attachments(data: JsonObject) -> list[Attachment]:
    value = data.get("attachments")
    return [found for item in value if (found := _attachment(item))] if is_list(value) else []


def _attachment(item: Any) -> Attachment | None:
    if isinstance(item, str):
        return Attachment(item) if item else None
    if not is_object(item) or not text(item.get("url")):
        return None
    size = item.get("size")
    return Attachment(
        item["url"],
        name=text(item.get("name")) or text(item.get("file_name")),
        mime_type=text(item.get("mime_type")) or text(item.get("media_type")),
        size=size if isinstance(size, int) and not isinstance(size, bool) else None,
    )


def _options(data: JsonObject) -> list[str] | None:
    value = data.get("options")
    return [found for item in value if (found := _choice(item))] if is_list(value) else None


def _choice(item: Any) -> str | None:
    return text(item.get("text")) if is_object(item) else text(item)


def _texts(name: str) -> Reader:
    # Written out: this runs for each field of each delivery.
    def read(data: JsonObject) -> str | None:
        value = data.get(name)
        return value if isinstance(value, str) and value else None

    return read


def _times(name: str) -> Reader:
    return lambda data: time_of(data.get(name))


def _enums(name: str, kind: Any) -> Reader:
    known = {member.value: member for member in kind}

    def read(data: JsonObject) -> Any:
        value = data.get(name)
        return known.get(value) or kind.read(value) if isinstance(value, str) and value else None

    return read


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **{
            name: _texts(name)
            for name in ("message_id", "text", "sender", "error_code", "error_message", "reaction", "original_text")
        },
        **{name: _texts(name) for name in ("poll_id", "title")},
        **{name: _times(name) for name in ("sent_at", "delivered_at", "read_at")},
        "internal_id": _internal_id,
        "is_group": is_group,
        "group_id": group_id,
        "group_name": _group_name,
        "participants": _participants,
        "attachments": _attachments,
        "protocol": _enums("protocol", Protocol),
        "status": _enums("status", DeliveryStatus),
        "action": _enums("action", ReactionAction),
        "direction": _enums("direction", Direction),
        "options": _options,
        "option": lambda data: _choice(data.get("option")),
    }
)
