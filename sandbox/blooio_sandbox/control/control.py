"""The control API under `/_sandbox/`: what tests in other languages ask of the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from blooio_sandbox.api.validation import check_value, parse_json
from blooio_sandbox.api.wire import RawResponse
from blooio_sandbox.control.operations import find_control
from blooio_sandbox.control.origins import check_origin
from blooio_sandbox.page.assets import page_response, wants_page
from blooio_sandbox.responses import ApiError, Response

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest
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


def handle_control(sandbox: Sandbox, record: RecordedRequest) -> RawResponse:
    """Handle a request of the control API, or one for the page."""
    response = _respond(sandbox, record)
    return replace(response, headers={**response.headers, **_PROTECTION})


def _respond(sandbox: Sandbox, record: RecordedRequest) -> RawResponse:
    path = record.raw_path.removeprefix(CONTROL_PREFIX).strip("/")
    try:
        check_origin(record.headers)
    except ApiError as refusal:
        return _write(refusal.response)
    return page_response() if wants_page(record, path) else _write(_answer(sandbox, record, path))


def _write(response: Response) -> RawResponse:
    # In ASCII, since what was recorded may hold halves of characters, which are JSON and no text.
    return RawResponse(response.status, {"content-type": "application/json"}, json.dumps(response.body).encode())


def _answer(sandbox: Sandbox, record: RecordedRequest, path: str) -> Response:
    try:
        return _carry_out(sandbox, record, path)
    except ApiError as refusal:
        return refusal.response
    except LookupError as error:
        return ApiError(404, str(error.args[0]), "not_found").response
    except ValueError as error:
        return ApiError(400, str(error), "invalid_request").response


def _carry_out(sandbox: Sandbox, record: RecordedRequest, path: str) -> Response:
    control, ids = find_control(record.method, path)
    arguments: Any = parse_json(record.raw_body or b"{}")
    check_value(control.validator, arguments)
    return Response(control.act(sandbox, *map(unquote, ids), **arguments) or {})
