"""From the body of a delivery to typed events; nothing that is a JSON object raises."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeGuard

from blooio_client.types import JsonObject

from .._call.outcome import UNREADABLE
from ..arguments import refuse
from ..errors import SignatureMalformedError
from ..json_values import is_list, is_object, read_json
from .dedupe import dedupe_key
from .events import CLASSES, Event, UnknownEvent, fields_of, of_values
from .fields import READERS, TEXTS, Reader, chat_id, group_of, text, time_of
from .signatures import Body


class _Plan(NamedTuple):
    made: type[Event]
    texts: tuple[str, ...]
    others: tuple[tuple[str, Reader], ...]


def _plan(kind: type[Event]) -> _Plan:
    names = fields_of(kind)
    others = tuple((name, READERS[name]) for name in names if name in READERS)
    return _Plan(kind, tuple(name for name in names if name in TEXTS), others)


_PLANS: Final[dict[str, _Plan]] = {name: _plan(kind) for name, kind in CLASSES.items()}
_UNKNOWN: Final = _plan(UnknownEvent)
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
    data = _json_of(body)
    # Raised here, where no exception that holds the body is behind the error.
    if data is _PARSED:
        refuse(f"the body is {type(body).__name__}; pass the raw body, as it came")
    if data is UNREADABLE:
        raise SignatureMalformedError("the body is no JSON: refuse the delivery")
    return [event_of(item, is_replay=is_replay) for item in _items(data)]


def _items(data: Any) -> list[JsonObject]:
    if is_object(data) and _kind(data) in _PLANS:
        return [data]
    batch = data.get("events") if is_object(data) else data
    if _is_batch(batch):
        return batch
    if not is_object(data):
        raise SignatureMalformedError("the body is no JSON object, and no list of them: refuse the delivery")
    return [data]


def _json_of(body: Body) -> Any:
    try:
        return read_json(body)
    except TypeError:
        return _PARSED
    except ValueError:
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
    plan, group = _PLANS.get(kind, _UNKNOWN), group_of(data)
    # The contact that is shared may be somebody who is not in the chat, and nobody to reply to.
    chat = chat_id(data, group, contact=kind != _CONTACT)
    values: dict[str, Any] = {
        "type": kind,
        "chat_id": chat,
        "dedupe_key": dedupe_key(kind, raw, data, chat),
        "timestamp": time_of(raw.get("timestamp") or raw.get("created_at")),
        "is_replay": is_replay,
        "raw": raw,
    }
    if plan is not _UNKNOWN:
        values["is_group"], values["group_id"], values["group_name"] = group
        _read(plan, data, values)
    return of_values(plan.made, values)


def _read(plan: _Plan, data: JsonObject, values: dict[str, Any]) -> None:
    # `text`, written out: this runs for each field of each delivery.
    for name in plan.texts:
        value = data.get(name)
        values[name] = value if isinstance(value, str) and value else None
    for name, read in plan.others:
        values[name] = read(data)


def _kind(raw: JsonObject) -> str:
    return text(raw.get("event")) or text(raw.get("type")) or ""
