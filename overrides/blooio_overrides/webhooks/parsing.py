"""Parse the body of a delivery into typed events; no JSON object raises an error."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import attrs

from blooio_client.models import ContactRef, DeliveryStatus, Direction, Protocol, ReactionAction
from blooio_client.types import JsonObject, OpenEnum
from blooio_client.values import moment

from ..arguments import reject
from ..errors import SignatureMalformedError
from ..json_values import is_list, is_object, read_json
from .attachments import Attachment
from .events import CLASSES, Burst, Event, MessageEvent, ReplyTo, TypingStarted, TypingStopped, UnknownEvent
from .signatures import Body
from .stores import BurstEffect, Claim, Entry, Store
from .work import Registered

Reader = Callable[[JsonObject], Any]
_MAX_KEY: Final = 512
"""The longest key that a database can index, in characters."""
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_MANY: Final = 10**13
"""Milliseconds, up to the year 2286, that are exact as a float of seconds."""


def _text(value: Any) -> str | None:
    """Return a non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def _time_of(value: Any) -> Any:
    """Return an aware time, else None."""
    if type(value) is int and 0 <= value < _MANY:
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC)
    read = None if value is None else moment(value)
    return read if isinstance(read, datetime.datetime) else None


class _Place(NamedTuple):
    """Where an event happened."""

    chat_id: str | None
    """The chat to reply to: the group in a group, else the other party."""
    is_group: bool
    group_id: str | None
    group_name: str | None


def _place_of(data: JsonObject, *, contact: bool) -> _Place:
    """Return where an event happened; several fields can say so.

    Args:
        data: The event, without its envelope.
        contact: Whether its contact is the other party.
    """
    group, group_id, name = data.get("group"), _text(data.get("group_id")), _text(data.get("group_name"))
    is_group = bool(data.get("is_group") or group or data.get("group_id"))
    if is_object(group):
        group_id = group_id or _text(group.get("group_id")) or _text(group.get("id"))
        name = name or _text(group.get("name"))
    chat_id = group_id or _text(data.get("external_id"))
    if chat_id is None and not is_group:
        named = data.get("contact") if contact else None
        chat_id = _text(named.get("identifier")) if is_object(named) else None
        chat_id = chat_id or _text(data.get("recipient" if data.get("direction") == "outbound" else "sender"))
    return _Place(chat_id, is_group, group_id, name)


def _attachments(data: JsonObject) -> list[Attachment]:
    value = data.get("attachments")
    return [found for item in value if (found := _attachment(item))] if is_list(value) else []


def _attachment(item: Any) -> Attachment | None:
    if isinstance(item, str):
        return Attachment(item) if item else None
    if not is_object(item) or not _text(item.get("url")):
        return None
    size = item.get("size")
    return Attachment(
        url=item["url"],
        name=_text(item.get("name")) or _text(item.get("file_name")),
        mime_type=_text(item.get("mime_type")) or _text(item.get("media_type")),
        size=size if isinstance(size, int) and not isinstance(size, bool) else None,
    )


def _reply_to(data: JsonObject) -> ReplyTo | None:
    value = data.get("reply_to")
    if not is_object(value):
        message_id = _text(value) or _text(data.get("reply_to_message_id"))
        return ReplyTo(message_id) if message_id else None
    part = value.get("part_index")
    found = _text(value.get("message_id")) or _text(data.get("reply_to_message_id"))
    return ReplyTo(found, _text(value.get("guid")), part if type(part) is int else None)


def _options(data: JsonObject) -> list[str] | None:
    value = data.get("options")
    return [found for item in value if (found := _choice(item))] if is_list(value) else None


def _choice(item: Any) -> str | None:
    return _text(item.get("text")) if is_object(item) else _text(item)


TEXTS: Final = frozenset(
    {
        *("message_id", "text", "formatted_text", "sender", "error_code", "error_message"),
        *("reaction", "original_text", "poll_id", "title"),
    }
)
"""The plain text fields."""
TIMES: Final = frozenset({"sent_at", "delivered_at", "read_at", "received_at"})
ENUMS: Final[Mapping[str, type[OpenEnum]]] = MappingProxyType(
    {"protocol": Protocol, "status": DeliveryStatus, "action": ReactionAction, "direction": Direction}
)
READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "reply_to": _reply_to,
        "attachments": _attachments,
        "options": _options,
        "option": lambda data: _choice(data.get("option")),
    }
)
"""How to read each of the other fields that only some events have."""


_IDENTITIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # A reaction has the id of its target message, and a vote that of its poll.
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


# Parsed JSON has no reference cycles.
_encoder: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


def _dedupe_key(kind: str, raw: JsonObject, data: JsonObject, chat_id: str | None) -> str:
    """Return the key of an event.

    Args:
        kind: The type of the event.
        raw: The whole delivery.
        data: The event without its envelope.
        chat_id: The chat that it belongs to.
    """
    if kind in _OF_MESSAGES and (message_id := _text(data.get("message_id"))):
        return f"{kind}:{message_id}"
    if is_object(raw.get("data")) and (envelope_id := _text(raw.get("id"))):
        return f"{kind}:{envelope_id}"
    values = list(map(data.get, _IDENTITIES.get(kind, ())))
    # If a part is missing, only the whole delivery distinguishes this event from the next.
    is_whole = values and None not in values and "" not in values
    try:
        canonical = f"{kind} {chat_id!a} {values!a}" if is_whole else _encoder.encode(raw)
    except RecursionError:
        raise SignatureMalformedError("the body is nested too deeply") from None
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


class _Plan(NamedTuple):
    made: type[Event]
    texts: tuple[str, ...]
    times: tuple[str, ...]
    enums: tuple[tuple[str, type[OpenEnum], Mapping[str, OpenEnum]], ...]
    """With the documented values."""
    others: tuple[tuple[str, Reader], ...]


def _plan(kind: type[Event]) -> _Plan:
    names = attrs.fields_dict(kind)
    texts, times = (tuple(name for name in names if name in fields) for fields in (TEXTS, TIMES))
    enums = tuple((name, enum, {each.value: each for each in enum}) for name, enum in ENUMS.items() if name in names)
    others = tuple((name, READERS[name]) for name in names if name in READERS)
    return _Plan(kind, texts, times, enums, others)


_PLANS: Final[dict[str, _Plan]] = {name: _plan(kind) for name, kind in CLASSES.items()}
_UNREADABLE: Final = object()
_ALREADY_PARSED: Final = object()
_UNKNOWN: Final = _plan(UnknownEvent)
_CONTACT: Final = "contact.shared"


def parse_many(body: Body, *, is_replay: bool = False) -> list[Event]:
    """Parse the body of a delivery, which may hold several events.

    Args:
        body: The raw body of a delivery whose signature was verified.
        is_replay: Whether its headers say that it is a replay.

    Raises:
        SignatureMalformedError: It is neither a JSON object nor a list of them.
        InvalidArgumentError: The body is not the raw body.
    """
    try:
        data = read_json(body)
    except TypeError:
        data = _ALREADY_PARSED
    except ValueError:
        data = _UNREADABLE
    # Raised outside the except block, whose exception would hold the body.
    if data is _ALREADY_PARSED:
        reject(f"the body is {type(body).__name__}; pass the raw body, as received")
    if data is _UNREADABLE:
        raise SignatureMalformedError("the body is not JSON")
    if is_object(data) and _kind(data) in _PLANS:
        return [event_of(data, is_replay=is_replay)]
    batch = data.get("events") if is_object(data) else data
    if is_list(batch) and batch and all(is_object(item) for item in batch):
        return [event_of(item, is_replay=is_replay) for item in batch]
    if not is_object(data):
        raise SignatureMalformedError("the body is not a JSON object or a list of them")
    return [event_of(data, is_replay=is_replay)]


def parse(body: Body, *, is_replay: bool = False) -> Event:
    """Parse the body of a delivery that holds one event.

    Args:
        body: The raw body of a delivery whose signature was verified.
        is_replay: Whether its headers say that it is a replay.

    Raises:
        SignatureMalformedError: It is not a JSON object, or it holds several events; parse those with `parse_many`.
        InvalidArgumentError: The body is not the raw body.
    """
    events = parse_many(body, is_replay=is_replay)
    if len(events) != 1:
        raise SignatureMalformedError(f"the body holds {len(events)} events; use parse_many")
    return events[0]


def event_of(raw: JsonObject, *, is_replay: bool = False) -> Event:
    """Parse one event, with or without an envelope."""
    inner = raw.get("data")
    data = {**raw, **inner} if is_object(inner) else raw
    kind = _kind(raw)
    plan = _PLANS.get(kind, _UNKNOWN)
    # The shared contact may not be in the chat, so it is not the one to reply to.
    place = _place_of(data, contact=kind != _CONTACT)
    values: dict[str, Any] = {
        "type": kind,
        "chat_id": place.chat_id,
        "dedupe_key": _dedupe_key(kind, raw, data, place.chat_id),
        "timestamp": _time_of(raw.get("timestamp") or raw.get("created_at")),
        "is_replay": is_replay,
        "raw": raw,
    }
    if plan is not _UNKNOWN:
        values["is_group"], values["group_id"], values["group_name"] = place[1:]
        values["internal_id"] = _text(data.get("internal_id")) or _text(data.get("channel_address"))
        members = data.get("participants")
        values["participants"] = (
            [ContactRef.from_dict(each) for each in members if is_object(each)] if is_list(members) else None
        )
        for name in plan.texts:
            # `_text`, inlined: this runs for each field of each delivery.
            value = data.get(name)
            values[name] = value if isinstance(value, str) and value else None
        for name in plan.times:
            values[name] = _time_of(data.get(name))
        for name, enum, known in plan.enums:
            value = data.get(name)
            values[name] = known.get(value) or enum(value) if isinstance(value, str) and value else None
        for name, read in plan.others:
            values[name] = read(data)
    made = plan.made.__new__(plan.made)
    object.__setattr__(made, "__dict__", values)  # like its __init__, in a third of the time
    return made


def _kind(raw: JsonObject) -> str:
    return _text(raw.get("event")) or _text(raw.get("type")) or ""


def entry_of(event: Event, signed_at: str, handlers: Iterable[Registered], *, replays: bool) -> Entry:
    """Return the entry to store for an event.

    Args:
        event: The event.
        signed_at: The time of its delivery's signature, as text.
        handlers: The receiver's handlers.
        replays: Whether to handle replays of events that were already handled.
    """
    key = event.dedupe_key
    if replays and event.is_replay:
        # The signature does not cover the replay flag. The signed time identifies a replay, so the same delivery
        # cannot be repeated, not even with its signature written in another way.
        key += f":replay:{signed_at}"
    key = _storable(key)
    chat = _storable(event.chat_id) if event.chat_id else f"event:{key}"
    effects = [_burst_effect(handler, event) for handler in handlers if handler.quiet is not None]
    # One line of text, which `event_from` reads.
    record = json.dumps({"raw": event.raw, "is_replay": event.is_replay})
    return Entry(key, chat, record, tuple([effect for effect in effects if effect is not None]))


def _burst_effect(handler: Registered, event: Event) -> BurstEffect | None:
    quiet = handler.quiet or 0.0
    if isinstance(event, handler.kind):
        return BurstEffect(handler.name, quiet, handler.max_wait)
    if isinstance(event, TypingStarted | TypingStopped):
        is_typing = isinstance(event, TypingStarted)
        return BurstEffect(handler.name, quiet, handler.max_wait, "hold" if is_typing else "release")
    return None


def _storable(text: str) -> str:
    """Return a key that every database can store and index: the text, or its digest."""
    if len(text) <= _MAX_KEY and not _UNSTORABLE.search(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def event_from(record: str) -> Event:
    """Return the event of a record that `entry_of` wrote."""
    kept = json.loads(record)
    return event_of(kept["raw"], is_replay=kept["is_replay"])


def burst_from(claim: Claim, store: Store) -> Burst:
    """Return the burst of a claim."""
    events = tuple(event_from(line) for line in claim.record.splitlines())
    messages = tuple(event for event in events if isinstance(event, MessageEvent))
    return Burst(messages, claim.key, lambda: store.is_superseded(claim))
