"""The operations of the control API; each does what the `Sandbox` method of the same name does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from jsonschema_rs import Draft202012Validator

from blooio_sandbox.api.document import load_operations
from blooio_sandbox.control.seeding import SECTIONS
from blooio_sandbox.phones.phone import PROTOCOLS
from blooio_sandbox.responses import ApiError, Json

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest
    from blooio_sandbox.sandbox import Sandbox

Act: TypeAlias = Callable[..., Json | None]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_FLAG: Json = {"type": "boolean"}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_DIRECTION: Json = {"enum": ["inbound", "outbound"]}
_PROTOCOL: Json = {"protocol": {"enum": list(PROTOCOLS)}, "online": _FLAG, "failing_with": _TEXT}
_FORMAT: Json = {"enum": ["plain", "markdown"]}
_PLACE: Json = {"latitude": _NUMBER, "longitude": _NUMBER}
_TIMES: Json = {"type": ["integer", "null"]}
_GROUP: Json = {"group": _TEXT}
_REACTION: Json = {"reaction": _TEXT, "message": {"type": ["string", "integer"]}, "direction": _DIRECTION}
_SOMETIMES: Json = {"times": _TIMES, "operation": _TEXT, "probability": _NUMBER, "seed": {"type": "integer"}}
_FAILURE: Json = {
    "status": {"type": "integer"},
    "code": _TEXT,
    "message": _TEXT,
    "retry_after": {"type": ["number", "string"]},
    "body": _TEXT,
    "headers": {"type": "object", "additionalProperties": {"type": "string", "pattern": r"^[\x20-\x7e]*$"}},
    "after_processing": _FLAG,
}
_LISTS: Json = {name: {"type": "array"} for name in SECTIONS}
_DISTURBANCE: Json = {
    "times": {"type": "integer"},
    "event": _TEXT,
    "copies": {"type": "integer"},
    "delay": _NUMBER,
    "stale_by": _NUMBER,
    "wrong_signature": _FLAG,
    "swapped": _FLAG,
}


@dataclass(frozen=True)
class Control:
    """One operation of the control API."""

    method: str
    path: str
    act: Act
    takes: Mapping[str, Json] = field(default_factory=dict[str, Json])
    needs: tuple[str, ...] = ()

    @cached_property
    def validator(self) -> Draft202012Validator:
        """The validator of its arguments."""
        schema = {"type": "object", "properties": self.takes, "required": self.needs, "additionalProperties": False}
        return Draft202012Validator(schema)

    def match(self, path: str) -> list[str] | None:
        """Return the ids in a path, or None if the path does not match."""
        parts, given = self.path.split("/"), path.split("/")
        if len(parts) != len(given) or any(part not in ("{}", text) for part, text in zip(parts, given, strict=True)):
            return None
        return [text for part, text in zip(parts, given, strict=True) if part == "{}"]


def find_control(method: str, path: str) -> tuple[Control, list[str]]:
    """Return the operation of a request, and the ids in its path.

    Raises:
        ApiError: The path is unknown (404), or the method is not allowed (405).
    """
    found = [(control, ids) for control in CONTROLS if (ids := control.match(path)) is not None]
    if not found:
        raise ApiError(404, f"The control API has no {path!r}", "no_such_path")
    for control, ids in found:
        if control.method == method:
            return control, ids
    raise ApiError(405, f"Method not allowed; this path takes {found[0][0].method}", "method_not_allowed")


def _about(sandbox: Sandbox) -> Json:
    identity: Json = {"base_url": sandbox.base_url, "api_key": sandbox.api_key}
    return identity | {"number": sandbox.number, "numbers": list(sandbox.numbers), "now": sandbox.now}


def _seed(sandbox: Sandbox, **content: Any) -> None:
    sandbox.seed(content)


def _advance(sandbox: Sandbox, seconds: float) -> Json:
    sandbox.advance(seconds)
    return {"now": sandbox.now}


def _operations(_sandbox: Sandbox) -> Json:
    return {"operations": sorted(operation.id for operation in load_operations())}


def _requests(sandbox: Sandbox) -> Json:
    return {"requests": [_request_view(record) for record in sandbox.requests]}


def _request_view(record: RecordedRequest) -> Json:
    names = ("method", "raw_path", "query", "operation", "idempotency_key", "body", "status", "response")
    times = ("time_received", "duration_ms")
    values: Json = {name: getattr(record, name) for name in (*names, *times)}
    return values | {"ids": dict(record.ids), "headers": dict(record.headers)}


def _messages(sandbox: Sandbox) -> Json:
    return {"messages": [asdict(message) for message in sandbox.messages]}


def _phone_messages(sandbox: Sandbox, person: str) -> Json:
    return {"messages": [asdict(message) for message in sandbox.phone(person).messages]}


def _starts_group(sandbox: Sandbox, person: str, members: list[str], name: str | None = None) -> Json:
    return {"group": sandbox.phone(person).starts_group(*members, name=name)}


def _overview(sandbox: Sandbox) -> Json:
    return sandbox.overview.summary()


def _conversation(sandbox: Sandbox, chat: str, before: str | None = None) -> Json:
    return sandbox.overview.conversation(chat, None if before is None else int(before))


def _search(sandbox: Sandbox, query: str) -> Json:
    return sandbox.overview.search(query)


def _bodies(sandbox: Sandbox, number: str) -> Json:
    return sandbox.overview.bodies(int(number))


def _attempts(sandbox: Sandbox, event: str) -> Json:
    return sandbox.overview.attempts(event)


def _duplicates(sandbox: Sandbox) -> Json:
    return {"duplicates": sandbox.duplicates}


def _deliveries(sandbox: Sandbox) -> Json:
    return {"idle": sandbox.is_idle}


def _call(method: str) -> Act:
    """Return an act that calls the method of the sandbox."""

    def act(sandbox: Sandbox, **arguments: Any) -> None:
        getattr(sandbox, method)(**arguments)

    return act


def _as_phone(method: str) -> Act:
    """Return an act that calls the method of a phone; a message that it returns is the response."""

    def act(sandbox: Sandbox, person: str, **arguments: Any) -> Json | None:
        message = getattr(sandbox.phone(person), method)(**arguments)
        return None if message is None else asdict(message)

    return act


CONTROLS: tuple[Control, ...] = (
    Control("GET", "", _about),
    Control("POST", "reset", _call("reset")),
    Control("POST", "seed", _seed, _LISTS),
    Control("POST", "advance", _advance, {"seconds": _NUMBER}, ("seconds",)),
    Control("GET", "overview", _overview),
    Control("GET", "operations", _operations),
    Control("GET", "chats/{}/messages", _conversation),
    Control("GET", "chats/{}/messages/{}", _conversation),
    Control("GET", "search/{}", _search),
    Control("GET", "requests", _requests),
    Control("GET", "requests/{}/bodies", _bodies),
    Control("GET", "messages", _messages),
    Control("GET", "duplicates", _duplicates),
    Control("GET", "deliveries", _deliveries),
    Control("GET", "deliveries/{}/attempts", _attempts),
    Control("POST", "fail_next", _call("fail_next"), {**_FAILURE, **_SOMETIMES}),
    Control("POST", "drop_next", _call("drop_next"), {"after_processing": _FLAG, **_SOMETIMES}),
    Control("POST", "delay_next", _call("delay_next"), {"seconds": _NUMBER, **_SOMETIMES}, ("seconds",)),
    Control("POST", "disturb_deliveries", _call("disturb_deliveries"), _DISTURBANCE),
    Control("POST", "remove_fault", _call("remove_fault"), {"fault": {"type": "integer"}}, ("fault",)),
    Control("POST", "stop_failing", _call("stop_failing")),
    Control("GET", "phones/{}/messages", _phone_messages),
    Control(
        "POST",
        "phones/{}/sends",
        _as_phone("sends"),
        {"text": _TEXT, "attachments": _TEXTS, "reply_to": _TEXT, "format": _FORMAT, **_GROUP},
    ),
    Control("POST", "phones/{}/reacts", _as_phone("reacts"), {**_REACTION, **_GROUP}, ("reaction",)),
    Control("POST", "phones/{}/unreacts", _as_phone("unreacts"), {**_REACTION, **_GROUP}, ("reaction",)),
    Control("POST", "phones/{}/reads", _as_phone("reads"), _GROUP),
    Control("POST", "phones/{}/types", _as_phone("types"), _GROUP),
    Control("POST", "phones/{}/stops_typing", _as_phone("stops_typing"), _GROUP),
    Control("POST", "phones/{}/votes", _as_phone("votes"), {"option": _TEXT, "poll": _TEXT, **_GROUP}, ("option",)),
    Control("POST", "phones/{}/uses", _as_phone("uses"), _PROTOCOL, ("protocol",)),
    Control("POST", "phones/{}/starts_group", _starts_group, {"members": _TEXTS, "name": _TEXT}, ("members",)),
    Control("POST", "phones/{}/shares_location", _as_phone("shares_location"), _PLACE, ("latitude", "longitude")),
)
