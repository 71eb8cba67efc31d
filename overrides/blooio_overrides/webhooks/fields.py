"""How each field of an event is read from its body, whatever the body is like."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from blooio_client.models import ContactRef, DeliveryStatus, Direction, Protocol, ReactionAction
from blooio_client.types import JsonObject, moment

from ..json_values import is_list, is_object
from .events import Attachment, of_values

Reader = Callable[[JsonObject], Any]
Group = tuple[bool, str | None, str | None]
"""Whether it is one, its id and its name."""
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


def group_of(data: JsonObject) -> Group:
    """Return whether anything says that it happened in a group, and which one, wherever that stands."""
    group, group_id, name = data.get("group"), data.get("group_id"), text(data.get("group_name"))
    is_group = bool(data.get("is_group") or group or group_id)
    if not is_object(group):
        return is_group, text(group_id), name
    found = text(group_id) or text(group.get("group_id")) or text(group.get("id"))
    return is_group, found, name or text(group.get("name"))


def chat_id(data: JsonObject, group: Group, *, contact: bool) -> str | None:
    """Return what to reply to: in a group the group and never one of its people, else the other party.

    Args:
        data: The event, without its envelope.
        group: The group that it happened in.
        contact: Whether its contact is the other party.
    """
    is_group, group_id, _ = group
    found = group_id or text(data.get("external_id"))
    if found or is_group:
        return found
    named = _identifier(data.get("contact")) if contact else None
    return named or text(data.get("recipient" if data.get("direction") == "outbound" else "sender"))


def _identifier(contact: Any) -> str | None:
    return text(contact.get("identifier")) if is_object(contact) else None


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
    return of_values(
        Attachment,
        {
            "url": item["url"],
            "name": text(item.get("name")) or text(item.get("file_name")),
            "mime_type": text(item.get("mime_type")) or text(item.get("media_type")),
            "size": size if isinstance(size, int) and not isinstance(size, bool) else None,
        },
    )


def _options(data: JsonObject) -> list[str] | None:
    value = data.get("options")
    return [found for item in value if (found := _choice(item))] if is_list(value) else None


def _choice(item: Any) -> str | None:
    return text(item.get("text")) if is_object(item) else text(item)


def _times(name: str) -> Reader:
    return lambda data: time_of(data.get(name))


def _enums(name: str, kind: Any) -> Reader:
    known = {member.value: member for member in kind}

    def read(data: JsonObject) -> Any:
        value = data.get(name)
        return known.get(value) or kind.read(value) if isinstance(value, str) and value else None

    return read


TEXTS: Final = frozenset(
    {
        *("message_id", "text", "sender", "error_code", "error_message"),
        *("reaction", "original_text", "poll_id", "title"),
    }
)
"""The fields that are nothing but texts."""
READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **{name: _times(name) for name in ("sent_at", "delivered_at", "read_at")},
        "internal_id": _internal_id,
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
"""How each of the others is read."""
