"""The request log in the terminal."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest
    from blooio_sandbox.deliveries.posting import DeliveryAttempt

_SECRETS = frozenset({"api_key", "signing_secret"})
_MAX_BODY = 2000
_HOST = re.compile(r"[a-z]+://(?:[^/?#]*@)?([^/?#]*).*", re.IGNORECASE | re.DOTALL)


def describe(record: RecordedRequest, *, with_bodies: bool = False, at: datetime | None = None) -> str:
    """Return the log line of a request, optionally followed by its bodies."""
    path = record.raw_path + (f"?{record.query}" if record.query else "")
    result = "connection dropped" if record.status is None else f"{record.status}{_reason(record.response)}"
    line = f"{_time(at)} {record.method:6} {path}  {record.operation or '-'}  {result}  {record.duration_ms or 0} ms"
    lines = [line, *_bodies(record)] if with_bodies else [line]
    return _plain("\n".join(lines))


def describe_delivery(attempt: DeliveryAttempt, *, at: datetime | None = None) -> str:
    """Return the log line of a delivery attempt: only the host, since a URL's path can hold secrets."""
    result = f"no response ({attempt.error})" if attempt.status is None else str(attempt.status)
    count = f"attempt {attempt.number}{', a replay' if attempt.is_replay else ''}"
    event = f"{host_of(attempt.webhook_url)}  {attempt.event}"
    return _plain(f"{_time(at)} EVENT  {event}  {result}  {count}  {attempt.duration_ms} ms")


def host_of(url: str) -> str:
    """Return the host and port of a URL."""
    return _HOST.sub(r"\1", url)


def show(body: Any, *, longest: int = _MAX_BODY, indent: int | None = None) -> str:
    """Return a body as JSON, without secrets and shortened."""
    text = json.dumps(_masked(body), ensure_ascii=False, indent=indent)
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


def _time(at: datetime | None) -> str:
    return (at or datetime.now(UTC).astimezone()).strftime("%H:%M:%S")


def _plain(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def _reason(response: Any) -> str:
    match response:
        case {"error": _, "message": str(message)}:
            return f" ({message})"
        case _:
            return ""


def _bodies(record: RecordedRequest) -> list[str]:
    asked = show(record.body) if record.body is not None else f"{len(record.raw_body)} bytes, not JSON"
    return ([f"    > {asked}"] if record.raw_body else []) + [f"    < {show(record.response)}"]


def _masked(value: Any) -> Any:
    return json.loads(json.dumps(value), object_hook=_mask_object)


def _mask_object(value: dict[str, Any]) -> dict[str, Any]:
    return {name: "***" if name in _SECRETS else each for name, each in value.items()}
