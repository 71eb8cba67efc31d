"""From the body of a delivery to typed events; nothing that is a JSON object raises."""

from __future__ import annotations

import json
from typing import Any, Final, TypeGuard

from blooio_client.types import JsonObject

from ..arguments import refuse
from ..errors import SignatureMalformedError
from ..json_types import is_list, is_object
from ..outcomes import UNREADABLE
from .dedupe import dedupe_key
from .events import CLASSES, Event, UnknownEvent, fields_of
from .fields import READERS, Reader, chat_id, text, time_of
from .signatures import Body

_Plan = tuple[type[Event], tuple[tuple[str, Reader], ...]]


def _plan(kind: type[Event]) -> _Plan:
    return kind, tuple((name, READERS[name]) for name in fields_of(kind) if name in READERS)


_PLANS: Final[dict[str, _Plan]] = {name: _plan(kind) for name, kind in CLASSES.items()}
_UNKNOWN: Final[_Plan] = (UnknownEvent, ())
_PARSED: Final = object()
"""Stands for a body that was parsed already."""
_CONTACT: Final = "contact.shared"


def parse_many(body: Body, *, is_replay: bool = False) -> list[Event]:
    """Read the body of a delivery, which may hold several events.

    Args:
        body: The raw body of a delivery whose signature was verified.
        is_replay: Whether its headers say that it is a replay.

    Raises:
        SignatureMalformedError: It is no JSON object, and no list of them.
        InvalidArgumentError: It was parsed already.
    """
    data = _read(body)
    if is_object(data) and _kind(data) in _PLANS:
        return [event_of(data, is_replay=is_replay)]
    # Raised here, where no exception that holds the body is behind the error.
    if data is _PARSED:
        refuse(f"the body is {type(body).__name__}; pass the raw body, as it came")
    if data is UNREADABLE:
        raise SignatureMalformedError("the body is no JSON: refuse the delivery")
    batch = data.get("events") if is_object(data) else data
    if _is_batch(batch):
        return [event_of(item, is_replay=is_replay) for item in batch]
    if not is_object(data):
        raise SignatureMalformedError("the body is no JSON object, and no list of them: refuse the delivery")
    return [event_of(data, is_replay=is_replay)]


def _read(body: Body) -> Any:
    try:
        return json.loads(body)
    except TypeError:
        return _PARSED
    except (ValueError, RecursionError):
        return UNREADABLE


def _is_batch(value: Any) -> TypeGuard[list[JsonObject]]:
    return is_list(value) and bool(value) and all(is_object(item) for item in value)


def parse(body: Body, *, is_replay: bool = False) -> Event:
    """Read the body of a delivery that holds one event.

    Args:
        body: The raw body of a delivery whose signature was verified.
        is_replay: Whether its headers say that it is a replay.

    Raises:
        SignatureMalformedError: It is no JSON object, or holds several events: read those with `parse_many`.
        InvalidArgumentError: It was parsed already.
    """
    events = parse_many(body, is_replay=is_replay)
    if len(events) != 1:
        raise SignatureMalformedError(f"the body holds {len(events)} events; read it with parse_many")
    return events[0]


def event_of(raw: JsonObject, *, is_replay: bool = False) -> Event:
    """Read one event, flat or in an envelope."""
    inner = raw.get("data")
    data = {**raw, **inner} if is_object(inner) else raw
    kind = _kind(raw)
    made, readers = _PLANS.get(kind, _UNKNOWN)
    values = {name: read(data) for name, read in readers}
    values["type"] = kind
    values["chat_id"] = _chat_id(kind, data)
    values["dedupe_key"] = dedupe_key(kind, raw, data)
    values["timestamp"] = time_of(raw.get("timestamp") or raw.get("created_at"))
    values["is_replay"] = is_replay
    values["raw"] = raw
    event = made.__new__(made)
    # Its initializer would do the same, one name after the other, in three times the time.
    vars(event).update(values)
    return event


def _kind(raw: JsonObject) -> str:
    return text(raw.get("event")) or text(raw.get("type")) or ""


def _chat_id(kind: str, data: JsonObject) -> str | None:
    # The contact that is shared may be somebody who is not in the chat, and nobody to reply to.
    return chat_id({**data, "contact": None} if kind == _CONTACT else data)
