"""Requests and responses on the wire."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from blooio_sandbox.api.ledger import RecordedRequest, mask_headers
from blooio_sandbox.api.validation import check_files, read_json, read_query
from blooio_sandbox.responses import ApiError, ApiRequest, UploadedFile
from blooio_sandbox.state.database import dump

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from starlette.types import Receive, Scope, Send

    from blooio_sandbox.api.routes import Route
    from blooio_sandbox.control.faults import Fault
    from blooio_sandbox.responses import Response


# Broken uploads get a 400; their warnings would clutter the request log.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

_SEVERAL_PARTS = "multipart/form-data"


class DisconnectedError(Exception):
    """The client disconnected before its request was complete."""


async def read_record(scope: Scope, receive: Receive) -> RecordedRequest:
    """Read a request.

    Raises:
        DisconnectedError: The request was not complete.
    """
    return RecordedRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=mask_headers(scope["headers"]),
        raw_body=await _read_body(receive),
    )


async def read_request(record: RecordedRequest, route: Route) -> ApiRequest:
    """Parse and validate a request.

    Raises:
        ApiError: The request is not valid (400).
    """
    operation, content_type = route.operation, record.headers.get("content-type", "")
    has_parts = operation.content_type == _SEVERAL_PARTS
    files = await _read_files(content_type, record.raw_body) if has_parts else {}
    if has_parts:
        check_files(operation, files)
    is_json = operation.body_schema is not None and not has_parts
    return ApiRequest(
        operation=operation.id,
        ids=route.ids,
        query=read_query(operation, record.query),
        body=read_json(operation, content_type, record.raw_body) if is_json else None,
        files=files,
        idempotency_key=record.idempotency_key,
        is_reading=operation.method == "GET",
    )


async def _read_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _read_files(content_type: str, raw_body: bytes) -> dict[str, UploadedFile]:
    if not content_type.lower().startswith(_SEVERAL_PARTS):
        raise ApiError(400, f"Invalid request: the content type must be {_SEVERAL_PARTS}", "invalid_request")
    parser = MultiPartParser(Headers({"content-type": content_type}), _single_chunk(raw_body))
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        raise ApiError(400, f"Invalid request: the body is not valid {_SEVERAL_PARTS}", "invalid_request") from None
    try:
        uploads = [(name, part) for name, part in form.multi_items() if isinstance(part, UploadFile)]
        return {name: await _read_file(part) for name, part in uploads}
    finally:
        await form.close()


async def _read_file(part: UploadFile) -> UploadedFile:
    return UploadedFile(part.filename or "", part.content_type or "", await part.read())


async def _single_chunk(content: bytes) -> AsyncGenerator[bytes]:
    yield content
    yield b""


_JSON = {"content-type": "application/json"}
_WITHOUT_CONTENT = frozenset({204, 205, 304})


@dataclass(frozen=True)
class RawResponse:
    """A status, headers, and bytes."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def write(record: RecordedRequest, result: Response) -> RawResponse:
    """Record the response to a request, and return it as bytes."""
    text = result.body if isinstance(result.body, str) else dump(result.body)
    response = RawResponse(result.status, {**_JSON, **result.headers}, text.encode())
    record.status, record.raw_response = response.status, response.content
    return response


def fail(record: RecordedRequest, fault: Fault) -> RawResponse | None:
    """Record the failure of a request, and return what the client receives: None for a dropped connection."""
    if fault.status is None:
        record.status, record.raw_response = None, b""
        return None
    content = b"" if fault.status in _WITHOUT_CONTENT else fault.body.encode()
    record.status, record.raw_response = fault.status, content
    return RawResponse(fault.status, fault.headers, content)


async def send_response(response: RawResponse, send: Send) -> None:
    """Write a response."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    headers.append((b"content-length", b"%d" % len(response.content)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
