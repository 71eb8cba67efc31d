"""From the body of a delivery to typed events; nothing that is a JSON object raises."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeGuard

from blooio_client.models import ContactRef, DeliveryStatus, Protocol
from blooio_client.types import JsonObject, moment

from ..arguments import refuse
from ..errors import SignatureMalformedError
from ..json_types import is_list, is_object
from .events import CLASSES, Attachment, Event, MessageEvent, UnknownEvent, fields_of
from .signatures import Body

_TIMES = ("sent_at", "delivered_at", "read_at")


def parse_many(body: Body) -> list[Event]:
    """Read the body of a delivery, which may hold several events.

    Args:
        body: The raw body of a delivery whose signature was verified.

    Raises:
        SignatureMalformedError: It is no JSON object, and no list of them.
        InvalidArgumentError: It was parsed already.
    """
    try:
        data: Any = json.loads(body)
    except TypeError:
        refuse(f"the body is {type(body).__name__}; pass the raw body, as it came")
    except (ValueError, RecursionError):
        raise SignatureMalformedError("the body is no JSON: refuse the delivery") from None
    batch = data.get("events") if is_object(data) and _kind(data) not in CLASSES else data
    if _is_batch(batch):
        return [event_of(item) for item in batch]
    if not is_object(data):
        raise SignatureMalformedError("the body is no JSON object, and no list of them: refuse the delivery")
    return [event_of(data)]


def _is_batch(value: Any) -> TypeGuard[list[JsonObject]]:
    return is_list(value) and bool(value) and all(is_object(item) for item in value)


def parse(body: Body) -> Event:
    """Read the body of a delivery that holds one event.

    Args:
        body: The raw body of a delivery whose signature was verified.

    Raises:
        SignatureMalformedError: It is no JSON object, or holds several events: read those with `parse_many`.
        InvalidArgumentError: It was parsed already.
    """
    events = parse_many(body)
    if len(events) != 1:
        raise SignatureMalformedError(f"the body holds {len(events)} events; read it with parse_many")
    return events[0]


def event_of(raw: JsonObject) -> Event:
    """Read one event, flat or in an envelope."""
    data = {**raw, **inner} if is_object(inner := raw.get("data")) else raw
    kind = _kind(raw)
    common: dict[str, Any] = {
        "type": kind,
        "chat_id": _chat_id(data),
        "timestamp": _time(raw.get("timestamp") or raw.get("created_at")),
        "raw": raw,
    }
    if kind in CLASSES:
        return _message_event(CLASSES[kind], common, data)
    return UnknownEvent(**common, dedupe_key=_digest(raw))


def _kind(raw: JsonObject) -> str:
    return _text(raw.get("event")) or _text(raw.get("type")) or ""


def _message_event(kind: type[MessageEvent], common: dict[str, Any], data: JsonObject) -> MessageEvent:
    message_id = _text(data.get("message_id"))
    values: dict[str, Any] = {
        **common,
        "dedupe_key": f"{common['type']}:{message_id}" if message_id else _digest(common["raw"]),
        "message_id": message_id,
        "text": _text(data.get("text")),
        "attachments": _attachments(data.get("attachments")),
        "sender": _text(data.get("sender")),
        "protocol": _enum(Protocol, data.get("protocol")),
        "status": _enum(DeliveryStatus, data.get("status")),
        "internal_id": _text(data.get("internal_id")) or _text(data.get("channel_address")),
        "is_group": _is_group(data),
        "group_id": _group_id(data),
        "group_name": _text(data.get("group_name")),
        "participants": _participants(data.get("participants")),
        "error_code": _text(data.get("error_code")),
        "error_message": _text(data.get("error_message")),
        **{name: _time(data.get(name)) for name in _TIMES},
    }
    return kind(**{name: value for name, value in values.items() if name in fields_of(kind)})


def _chat_id(data: JsonObject) -> str | None:
    return _group_id(data) or _text(data.get("external_id")) or (None if _is_group(data) else _other_party(data))


def _other_party(data: JsonObject) -> str | None:
    contact = data.get("contact")
    named = _text(contact.get("identifier")) if is_object(contact) else None
    return named or _text(data.get("recipient" if data.get("direction") == "outbound" else "sender"))


def _is_group(data: JsonObject) -> bool:
    return bool(data.get("is_group") or data.get("group") or _group_id(data))


def _group_id(data: JsonObject) -> str | None:
    group = data.get("group")
    named = _text(group.get("group_id")) or _text(group.get("id")) if is_object(group) else None
    return _text(data.get("group_id")) or named


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _time(value: Any) -> Any:
    read = moment(value)
    return None if isinstance(read, str | int | float) or not hasattr(read, "tzinfo") else read


def _enum(kind: Any, value: Any) -> Any:
    return kind.read(value) if isinstance(value, str) and value else None


def _participants(value: Any) -> list[ContactRef] | None:
    return [ContactRef.from_dict(item) for item in value if is_object(item)] if is_list(value) else None


def _attachments(value: Any) -> list[Attachment]:
    return [found for item in value if (found := _attachment(item))] if is_list(value) else []


def _attachment(item: Any) -> Attachment | None:
    if isinstance(item, str):
        return Attachment(item) if item else None
    if not is_object(item) or not _text(item.get("url")):
        return None
    size = item.get("size")
    return Attachment(
        item["url"],
        name=_text(item.get("name")) or _text(item.get("file_name")),
        mime_type=_text(item.get("mime_type")) or _text(item.get("media_type")),
        size=size if isinstance(size, int) and not isinstance(size, bool) else None,
    )


def _digest(raw: JsonObject) -> str:
    try:
        canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        raise SignatureMalformedError("the body is nested too deeply: refuse the delivery") from None
    return hashlib.sha256(canonical.encode()).hexdigest()
