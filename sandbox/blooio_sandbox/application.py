"""The ASGI application: from a request as it came to an answer."""

from __future__ import annotations

import asyncio
import hmac
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from blooio_sandbox import handlers
from blooio_sandbox.answers import Answer, ApiRequest, Refusal, UploadedFile
from blooio_sandbox.deliveries import Deliverer, replay_webhook_event
from blooio_sandbox.faults import Fault, Faults
from blooio_sandbox.ledger import Ledger, RecordedRequest, mask_headers
from blooio_sandbox.routes import Route, find_route
from blooio_sandbox.state import State, dump
from blooio_sandbox.validation import check_files, read_json, read_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Scope, Send

_SEVERAL_PARTS = "multipart/form-data"


@dataclass
class Application:
    """Answers requests from the state, unless they are to fail."""

    state: State
    deliverer: Deliverer
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    lenient_encoding: bool = False
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    drop_connection: Callable[[object], None] = lambda _client: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            record = await _record(request)
        except ClientDisconnect:
            return
        self.ledger.add(record)
        response = await self._respond(request, record)
        if response is None:
            await self._drop(scope, receive)
        else:
            await response(scope, receive, send)

    async def _respond(self, request: Request, record: RecordedRequest) -> Response | None:
        found = self._find_route(record)
        fault = self.faults.take(record.operation)
        if fault is None:
            return _write(record, await self._answer(request, record, found))
        await self._wait(fault.delay)
        if not fault.replaces_answer or fault.after_processing:
            response = _write(record, await self._answer(request, record, found))
            return response if not fault.replaces_answer else _fail(record, fault)
        return _fail(record, fault)

    def _find_route(self, record: RecordedRequest) -> Route | Refusal:
        try:
            route = find_route(record.method, record.raw_path, lenient=self.lenient_encoding)
        except Refusal as refusal:
            return refusal
        record.operation, record.ids = route.operation.id, route.ids
        return route

    async def _answer(self, request: Request, record: RecordedRequest, found: Route | Refusal) -> Answer:
        try:
            self._check_key(request)
            if isinstance(found, Refusal):
                return found.answer
            return await self._handle(await _read(request, record, found))
        except Refusal as refusal:
            return refusal.answer

    async def _handle(self, api_request: ApiRequest) -> Answer:
        if api_request.operation == handlers.REPLAY:
            return await replay_webhook_event(api_request, self.state, self.deliverer.postman)
        return handlers.handle(api_request, self.state)

    def _check_key(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Refusal(401, "Missing API key or ID token")
        if not hmac.compare_digest(key.encode(), self.state.account.api_key.encode()):
            raise Refusal(401, "Invalid API key")

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closing.wait()

    async def _drop(self, scope: Scope, receive: Receive) -> None:
        self.drop_connection(scope["client"])
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await receive()


async def _record(request: Request) -> RecordedRequest:
    return RecordedRequest(
        method=request.method,
        raw_path=request.scope["raw_path"].decode("latin-1"),
        query=request.scope["query_string"].decode("latin-1"),
        headers=mask_headers(request.scope["headers"]),
        raw_body=await request.body(),
    )


async def _read(request: Request, record: RecordedRequest, route: Route) -> ApiRequest:
    operation, content_type = route.operation, request.headers.get("content-type", "")
    files = await _read_files(request, content_type) if operation.content_type == _SEVERAL_PARTS else {}
    if operation.content_type == _SEVERAL_PARTS:
        check_files(operation, files)
    is_json = operation.body_schema is not None and operation.content_type != _SEVERAL_PARTS
    return ApiRequest(
        operation=operation.id,
        ids=route.ids,
        query=read_query(operation, record.query),
        body=read_json(operation, content_type, record.raw_body) if is_json else None,
        files=files,
        idempotency_key=record.idempotency_key,
    )


async def _read_files(request: Request, content_type: str) -> dict[str, UploadedFile]:
    if not content_type.lower().startswith(_SEVERAL_PARTS):
        raise Refusal(400, f"Invalid request: the content type must be {_SEVERAL_PARTS}", "invalid_request")
    try:
        async with request.form() as form:
            uploads = [(name, part) for name, part in form.items() if not isinstance(part, str)]
            return {
                name: UploadedFile(part.filename or "", part.content_type or "", await part.read())
                for name, part in uploads
            }
    except (HTTPException, MultiPartException, ValueError):
        raise Refusal(400, f"Invalid request: the body is not valid {_SEVERAL_PARTS}", "invalid_request") from None


def _write(record: RecordedRequest, answer: Answer) -> Response:
    record.status, record.answer = answer.status, answer.body
    return Response(dump(answer.body), answer.status, dict(answer.headers), "application/json")


def _fail(record: RecordedRequest, fault: Fault) -> Response | None:
    record.status, record.answer = (None, None) if fault.drops_connection else (fault.status, _parsed(fault.body))
    return None if fault.drops_connection else Response(fault.body, fault.status or 500, dict(fault.headers))


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body
