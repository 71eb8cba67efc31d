"""The control API under `/_sandbox/`, for the page and for tests in other languages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from blooio_sandbox.api.routes import PREFIX
from blooio_sandbox.api.validation import check_value
from blooio_sandbox.api.wire import RawResponse
from blooio_sandbox.control.operations import find_control
from blooio_sandbox.control.origins import check_host, check_origin
from blooio_sandbox.page.assets import asset_response, page_response, wants_page
from blooio_sandbox.page.live import EVENT_STREAM
from blooio_sandbox.responses import ApiError, Response, parse_json

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest
    from blooio_sandbox.responses import Json
    from blooio_sandbox.sandbox import Sandbox

CONTROL_PREFIX: str = "/_sandbox"
# Pages of other sites must neither embed a response nor find it in a cache.
_PROTECTION = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def is_control(raw_path: str) -> bool:
    """Return whether a path belongs to the control API."""
    return raw_path == CONTROL_PREFIX or raw_path.startswith(f"{CONTROL_PREFIX}/")


def handle_control(sandbox: Sandbox, record: RecordedRequest) -> RawResponse:
    """Handle a request to the control API or for the page."""
    response = _respond(sandbox, record)
    return replace(response, headers={**response.headers, **_PROTECTION})


def _respond(sandbox: Sandbox, record: RecordedRequest) -> RawResponse:
    path = record.raw_path.removeprefix(CONTROL_PREFIX).strip("/")
    try:
        check_host(record.headers, sandbox.allowed_hosts)
        check_origin(record.headers)
    except ApiError as error:
        return _write(error.response)
    if wants_page(record, path):
        return page_response()
    return _file(sandbox, record, path) or _write(_answer(sandbox, record, path))


def _file(sandbox: Sandbox, record: RecordedRequest, path: str) -> RawResponse | None:
    """Return the response to a request that is not JSON: for the page's files, uploads, and live events."""
    match record.method, path.split("/"):
        case "GET", ["static", name]:
            return asset_response(name)
        case "GET", ["live"]:
            return RawResponse(200, {"content-type": EVENT_STREAM}, b"")
        case "GET", ["files", file_id, _]:
            return sandbox.files.read(file_id)
        case "POST", ["files", name]:
            return _write(_upload(sandbox, record, unquote(name)))
        case _:
            return None


def _upload(sandbox: Sandbox, record: RecordedRequest, name: str) -> Response:
    content_type = record.headers.get("content-type", "application/octet-stream")
    try:
        path = sandbox.files.save(name, content_type, record.raw_body)
    except ValueError as error:
        return ApiError(413, str(error), "file_too_large").response
    return Response({"url": f"{sandbox.files_url}{path}"}, 201)


def _write(response: Response) -> RawResponse:
    # ASCII, because recorded bodies can contain lone surrogates, which UTF-8 cannot encode.
    return RawResponse(response.status, {"content-type": "application/json"}, json.dumps(response.body).encode())


def _answer(sandbox: Sandbox, record: RecordedRequest, path: str) -> Response:
    try:
        return _carry_out(sandbox, record, path)
    except ApiError as error:
        return error.response
    except LookupError as error:
        return ApiError(404, str(error.args[0]), "not_found").response
    except ValueError as error:
        return ApiError(400, str(error), "invalid_request").response


def _carry_out(sandbox: Sandbox, record: RecordedRequest, path: str) -> Response:
    control, ids = find_control(record.method, path)
    arguments: Any = parse_json(record.raw_body or b"{}")
    check_value(control.validator, arguments)
    body = control.act(sandbox, *map(unquote, ids), **arguments) or {}
    return Response(body if path else body | _base_url(record))


def _base_url(record: RecordedRequest) -> Json:
    """Return the base URL with the host and port that this client used, since a container's differ outside of it."""
    host = record.headers.get("host")
    return {} if host is None else {"base_url": f"http://{host}{PREFIX}"}
