"""The ASGI application."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from blooio_sandbox.api import handlers
from blooio_sandbox.api.ledger import Ledger, RecordedRequest
from blooio_sandbox.api.routes import Route, find_route
from blooio_sandbox.api.webhooks import replay_webhook_event
from blooio_sandbox.api.wire import (
    DisconnectedError,
    RawResponse,
    fail,
    read_record,
    read_request,
    send_response,
    write,
)
from blooio_sandbox.control.control import is_control
from blooio_sandbox.control.faults import Faults
from blooio_sandbox.control.origins import check_host
from blooio_sandbox.deliveries.deliverer import Deliverer
from blooio_sandbox.page.live import EVENT_STREAM, Live
from blooio_sandbox.responses import ApiError, ApiRequest, Response
from blooio_sandbox.state.database import OutdatedError, State, monotonic_ms

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

Observer: TypeAlias = Callable[[RecordedRequest], None]
Control: TypeAlias = Callable[[RecordedRequest], RawResponse]

# A status that no client retries: a retry would change the state after the reset.
_FORGOTTEN = ApiError(410, "The sandbox was reset during this request", "sandbox_reset").response


@dataclass
class Application:
    """Responds to requests from the state, or with a fault."""

    state: State
    deliverer: Deliverer
    control: Control
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    lenient_encoding: bool = False
    allowed_hosts: Collection[str] = ()
    observer: Observer = lambda _record: None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    live: Live = field(default_factory=Live)
    drop_connection: Callable[[object], None] = lambda _client: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        generation, started = self.state.generation, monotonic_ms()
        try:
            record = await read_record(scope, receive)
        except DisconnectedError:
            return
        if is_control(record.raw_path):
            await self._control(record, receive, send)
            return
        response = await self._respond(_key_of(scope), record, generation)
        record.duration_ms = monotonic_ms() - started
        self.observer(record)
        self.live.notify()
        if response is None:
            await self._drop(scope, receive)
        else:
            await send_response(response, send)

    async def _control(self, record: RecordedRequest, receive: Receive, send: Send) -> None:
        response = self.control(record)
        if response.headers["content-type"] == EVENT_STREAM:
            await self.live.stream(dict(response.headers), receive, send, self.closing)
            return
        if record.method != "GET":
            self.live.notify()
        await send_response(response, send)

    async def _respond(self, key: str | None, record: RecordedRequest, generation: int) -> RawResponse | None:
        found = self._find_route(record)
        try:
            with self.state.locked(generation):
                record.time_received = self.state.now()
                self.ledger.add(record)
                fault = self.faults.take(record.operation)
        except OutdatedError:
            return write(record, _FORGOTTEN)
        if fault is None:
            return write(record, await self._handle_api(key, record, found, generation))
        await self._wait(fault.delay)
        if not fault.replaces_response or fault.after_processing:
            response = write(record, await self._handle_api(key, record, found, generation))
            return response if not fault.replaces_response else fail(record, fault)
        return fail(record, fault)

    def _find_route(self, record: RecordedRequest) -> Route | ApiError:
        try:
            route = find_route(record.method, record.raw_path, lenient=self.lenient_encoding)
        except ApiError as error:
            return error
        record.operation, record.ids = route.operation.id, route.ids
        return route

    async def _handle_api(
        self, key: str | None, record: RecordedRequest, found: Route | ApiError, generation: int
    ) -> Response:
        try:
            check_host(record.headers, self.allowed_hosts)
            self._check_key(key)
            if isinstance(found, ApiError):
                return found.response
            return await self._handle(await read_request(record, found), generation)
        except ApiError as error:
            return error.response
        except OutdatedError:
            return _FORGOTTEN

    async def _handle(self, request: ApiRequest, generation: int) -> Response:
        if request.operation == handlers.REPLAY:
            return await replay_webhook_event(request, self.state, self.deliverer.sender, generation)
        return handlers.handle(request, self.state, generation)

    def _check_key(self, key: str | None) -> None:
        if not key:
            raise ApiError(401, "Missing API key or ID token")
        if not hmac.compare_digest(key.encode(), self.state.account.api_key.encode()):
            raise ApiError(401, "Invalid API key")

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closing.wait()

    async def _drop(self, scope: Scope, receive: Receive) -> None:
        self.drop_connection(scope["client"])
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await receive()


def _key_of(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, key = given.decode("latin-1").partition(" ")
    return key if scheme.lower() == "bearer" else None
