"""Requests as people read them in a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blooio_sandbox.ledger import RecordedRequest

_SECRETS = frozenset({"api_key", "signing_secret"})
_LONGEST_BODY = 2000


def describe(record: RecordedRequest, *, with_bodies: bool = False, at: datetime | None = None) -> str:
    """Return a line about a request, and two more with what was asked and answered if they are wanted."""
    path = record.raw_path + (f"?{record.query}" if record.query else "")
    result = "connection dropped" if record.status is None else f"{record.status}{_reason(record.answer)}"
    moment = (at or datetime.now(UTC).astimezone()).strftime("%H:%M:%S")
    line = f"{moment} {record.method:6} {path}  {record.operation or '-'}  {result}  {record.duration_ms or 0} ms"
    lines = [line, *_bodies(record)] if with_bodies else [line]
    return "\n".join(lines).encode("ascii", "backslashreplace").decode()


def _reason(answer: Any) -> str:
    match answer:
        case {"error": _, "message": str(message)}:
            return f" ({message})"
        case _:
            return ""


def _bodies(record: RecordedRequest) -> list[str]:
    asked = _show(record.body) if record.body is not None else f"{len(record.raw_body)} bytes that are no JSON"
    return ([f"    > {asked}"] if record.raw_body else []) + [f"    < {_show(record.answer)}"]


def _show(body: Any) -> str:
    text = json.dumps(_masked(body), ensure_ascii=False)
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]}... ({len(text)} characters)"


def _masked(value: Any) -> Any:
    return json.loads(json.dumps(value), object_hook=_mask_object)


def _mask_object(value: dict[str, Any]) -> dict[str, Any]:
    return {name: "***" if name in _SECRETS else each for name, each in value.items()}
