"""The control API under `/_sandbox/`: what tests in other languages ask of the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from blooio_sandbox.answers import Answer, Refusal
from blooio_sandbox.controls import find_control
from blooio_sandbox.origins import check_origin
from blooio_sandbox.page import page_reply, wants_page
from blooio_sandbox.replies import Reply
from blooio_sandbox.validation import check_value, parse_json

if TYPE_CHECKING:
    from blooio_sandbox.ledger import RecordedRequest
    from blooio_sandbox.sandbox import Sandbox

CONTROL_PREFIX: str = "/_sandbox"
# A page of another site may neither read an answer as a script or a picture, nor find an older one.
_PROTECTION = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def is_control(raw_path: str) -> bool:
    """Say whether a path belongs to the control API."""
    return raw_path == CONTROL_PREFIX or raw_path.startswith(f"{CONTROL_PREFIX}/")


def answer_control(sandbox: Sandbox, record: RecordedRequest) -> Reply:
    """Answer a request of the control API, or one for the page."""
    reply = _reply(sandbox, record)
    return replace(reply, headers={**reply.headers, **_PROTECTION})


def _reply(sandbox: Sandbox, record: RecordedRequest) -> Reply:
    path = record.raw_path.removeprefix(CONTROL_PREFIX).strip("/")
    try:
        check_origin(record.headers)
    except Refusal as refusal:
        return _write(refusal.answer)
    return page_reply() if wants_page(record, path) else _write(_answer(sandbox, record, path))


def _write(answer: Answer) -> Reply:
    # In ASCII, since what was recorded may hold halves of characters, which are JSON and no text.
    return Reply(answer.status, {"content-type": "application/json"}, json.dumps(answer.body).encode())


def _answer(sandbox: Sandbox, record: RecordedRequest, path: str) -> Answer:
    try:
        return _carry_out(sandbox, record, path)
    except Refusal as refusal:
        return refusal.answer
    except LookupError as error:
        return Refusal(404, str(error.args[0]), "not_found").answer
    except ValueError as error:
        return Refusal(400, str(error), "invalid_request").answer


def _carry_out(sandbox: Sandbox, record: RecordedRequest, path: str) -> Answer:
    control, ids = find_control(record.method, path)
    arguments: Any = parse_json(record.raw_body or b"{}")
    check_value(control.validator, arguments)
    return Answer(control.act(sandbox, *map(unquote, ids), **arguments) or {})
