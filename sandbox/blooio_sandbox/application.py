"""The ASGI application: from a request as it came to an answer."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from blooio_sandbox import handlers
from blooio_sandbox.answers import Answer, ApiRequest, Refusal
from blooio_sandbox.control import is_control
from blooio_sandbox.deliveries import Deliverer, replay_webhook_event
from blooio_sandbox.faults import Faults
from blooio_sandbox.ledger import Ledger, RecordedRequest
from blooio_sandbox.reading import DisconnectedError, read_record, read_request
from blooio_sandbox.replies import Reply, fail, send_reply, write
from blooio_sandbox.routes import Route, find_route
from blooio_sandbox.state import OutdatedError, State, monotonic_ms

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

Observer: TypeAlias = Callable[[RecordedRequest], None]
Control: TypeAlias = Callable[[RecordedRequest], Reply]

# A status that no client tries again: a retry would land in the state after the reset.
_FORGOTTEN = Refusal(410, "The sandbox was reset while this request was on its way", "sandbox_reset").answer


@dataclass
class Application:
    """Answers requests from the state, unless they are to fail."""

    state: State
    deliverer: Deliverer
    control: Control
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    lenient_encoding: bool = False
    observer: Observer = lambda _record: None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    drop_connection: Callable[[object], None] = lambda _client: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        life, started = self.state.life, monotonic_ms()
        try:
            record = await read_record(scope, receive)
        except DisconnectedError:
            return
        if is_control(record.raw_path):
            await send_reply(self.control(record), send)
            return
        reply = await self._reply(_key_of(scope), record, life)
        record.duration_ms = monotonic_ms() - started
        self.observer(record)
        if reply is None:
            await self._drop(scope, receive)
        else:
            await send_reply(reply, send)

    async def _reply(self, key: str | None, record: RecordedRequest, life: int) -> Reply | None:
        found = self._find_route(record)
        try:
            with self.state.alone(life):
                record.time_received = self.state.now()
                self.ledger.add(record)
                fault = self.faults.take(record.operation)
        except OutdatedError:
            return write(record, _FORGOTTEN)
        if fault is None:
            return write(record, await self._answer(key, record, found, life))
        await self._wait(fault.delay)
        if not fault.replaces_answer or fault.after_processing:
            reply = write(record, await self._answer(key, record, found, life))
            return reply if not fault.replaces_answer else fail(record, fault)
        return fail(record, fault)

    def _find_route(self, record: RecordedRequest) -> Route | Refusal:
        try:
            route = find_route(record.method, record.raw_path, lenient=self.lenient_encoding)
        except Refusal as refusal:
            return refusal
        record.operation, record.ids = route.operation.id, route.ids
        return route

    async def _answer(self, key: str | None, record: RecordedRequest, found: Route | Refusal, life: int) -> Answer:
        try:
            self._check_key(key)
            if isinstance(found, Refusal):
                return found.answer
            return await self._handle(await read_request(record, found), life)
        except Refusal as refusal:
            return refusal.answer
        except OutdatedError:
            return _FORGOTTEN

    async def _handle(self, request: ApiRequest, life: int) -> Answer:
        if request.operation == handlers.REPLAY:
            return await replay_webhook_event(request, self.state, self.deliverer.postman, life)
        return handlers.handle(request, self.state, life)

    def _check_key(self, key: str | None) -> None:
        if not key:
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


def _key_of(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, key = given.decode("latin-1").partition(" ")
    return key if scheme.lower() == "bearer" else None
