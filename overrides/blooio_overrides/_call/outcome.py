"""The outcome of one request: a response, or the failure to get one; and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

import attrs

from blooio_client.call import Returned
from blooio_client.types import Call, JsonObject

from ..json_values import is_list, is_object, read_json
from .known_errors import known_error

_UNREAD: Final = object()
UNREADABLE: Final = object()
"""Stands for a body that is not usable JSON."""

_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@attrs.define(eq=False, repr=False, slots=False)
class Response:
    """A response of the service."""

    # Hidden one by one, too: rich and structlog look into attrs classes, and a service may echo the API key.
    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    """Names are lowercase."""
    body: bytes = attrs.field(repr=False)

    _json: Any = attrs.field(default=_UNREAD, init=False, repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON, or `UNREADABLE`; JSON that is nested too deeply is unreadable."""
        if self._json is _UNREAD:
            try:
                self._json = read_json(self.body)
            except ValueError:
                self._json = UNREADABLE
        return self._json

    @property
    def problem(self) -> Problem:
        """The error that the body describes. A code that only repeats the status, as gateways send, is ignored."""
        problem = read_problem(self.json)
        return attrs.evolve(problem, code=None) if problem.code == str(self.status) else problem


@attrs.frozen(eq=False)
class Failure:
    """Why no response was received."""

    reason: str
    """In our own words: nothing of the request or of the response."""
    sent: bool | None
    """False if the request provably never left; None if unknown."""
    timed_out: bool
    cause: BaseException | None = None


Outcome = Response | Failure


@attrs.frozen
class Problem:
    """The contents of an error body, in any of its known forms."""

    code: str | None = None
    message: str | None = None
    details: JsonObject = attrs.field(factory=dict[str, Any])


def read_problem(body: Any) -> Problem:
    """Read an error body: `{error, message, status, code, ...}`, `{error: {code, ...}}`, or any part of it."""
    if not is_object(body):
        return Problem()
    inner = body.get("error")
    if is_object(inner):
        details = inner.get("details")
        return Problem(
            _code(inner.get("code")),
            _text(inner.get("message")),
            details if is_object(details) else {},
        )
    said = {key: value for key, value in body.items() if key not in ("error", "message", "status", "code")}
    return Problem(_code(body.get("code")), _text(body.get("message")) or _text(inner), said)


def _code(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def is_success(outcome: Outcome) -> TypeGuard[Response]:
    """Whether the service says that the request was carried out."""
    return isinstance(outcome, Response) and 200 <= outcome.status < 300  # noqa: PLR2004 - statuses


def is_unknown(outcome: Outcome) -> bool:
    """Whether it is unknown if the request was carried out."""
    if isinstance(outcome, Failure):
        return outcome.sent is None
    return not is_success(outcome) and known_error(outcome.status, outcome.problem.code).sent is None


def is_transient(outcome: Outcome) -> bool:
    """Whether the same request may succeed in a moment."""
    if isinstance(outcome, Failure):
        return True
    if outcome.status == 429:  # noqa: PLR2004 - a status
        return outcome.problem.code is None
    return outcome.status in _TRANSIENT


def unusable_reason(call: Call[Any], response: Response) -> str | None:
    """Return why a response cannot be the result of a call; None if it can."""
    if not call.operation:  # built by hand: any JSON, or no body, is a result
        return None if not response.body or response.json is not UNREADABLE else "its response is not JSON"
    if call.returns != "object":
        return _other_unusable_reason(call.returns, response)
    data = response.json
    if not is_object(data):
        return "its response is not a JSON object"
    for name, kind in call.required.items():
        if data.get(name) is None or (kind is not None and not isinstance(data[name], kind)):
            return f"its response has no usable {name!r}"
    if call.operation == "sendMessage" and not message_ids(data):
        return "its response has no message id"
    return None


def _other_unusable_reason(returns: Returned, response: Response) -> str | None:
    if returns == "array":
        return None if is_list(response.json) else "its response is not a JSON array"
    if returns == "json":
        return "its response is not JSON" if response.json is UNREADABLE else None
    return None  # any body is valid text or bytes, and any is valid if it is not read


def message_ids(data: JsonObject) -> list[str]:
    """Return the message ids in the response to a send, in order; the field has three possible names."""
    for named in (data.get("message_ids"), [data.get("message_id")], [data.get("id")]):
        if is_list(named) and (usable := [each for each in named if isinstance(each, str) and each]):
            return usable
    return []


def content_of(response: Response, returns: Returned) -> Any:
    """Return the content of a result that is not an object: bytes, text, other JSON, or nothing."""
    if returns == "bytes":
        return response.body
    if returns == "text":
        return response.body.decode("utf-8", "replace")
    return None if returns == "nothing" else response.json
