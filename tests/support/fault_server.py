"""A server on loopback that fails on demand, with a separate place for each call."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from weakref import WeakSet

import attrs
import trustme
from fault_ledger import Ledger
from fault_talk import Fault, Stage, Step, Talk, Where

PROBE: Final = "/probe"
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"


def response(body: bytes) -> bytes:
    """Return a valid response that keeps the connection open."""
    return _HEAD % (len(body), body)


@attrs.define(eq=False)
class Assignment:
    """What a place does: its call, the fault, whether the fault is persistent, and the regular response."""

    name: str
    fault: Fault
    always: bool
    good: bytes
    ledger: Ledger
    idle_closed: threading.Event = attrs.field(factory=threading.Event)

    def step(self) -> Step | None:
        """Return the fault of this attempt; None if there is none."""
        if self.ledger.faults and not self.always:
            return None
        return self.fault.steps[min(self.ledger.faults, len(self.fault.steps) - 1)]


class Place:
    """A listening socket, and the call that it currently serves."""

    def __init__(self, server: FaultServer) -> None:
        self._server = server
        self._listening: asyncio.Server | None = None
        self.assignment: Assignment | None = None

    async def open(self) -> None:
        """Start listening."""
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        """Stop listening."""
        assert self._listening
        self._listening.close()

    def url(self, assignment: Assignment) -> str:
        """Assign the next connections to a call, and return its URL."""
        assert self._listening
        self.assignment = assignment
        port = self._listening.sockets[0].getsockname()[1]
        if assignment.fault.where is Where.DEAD:
            return f"http://127.0.0.1:{self._server.dead_port}/{assignment.name}"
        is_tls = assignment.fault.where is Where.TLS
        return f"{'https://localhost' if is_tls else 'http://127.0.0.1'}:{port}/{assignment.name}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self.assignment
        talk = Talk(
            reader,
            writer,
            self.assignment.ledger,
            self._server.authorities,
            self._server.elsewhere,
            self.assignment.good,
        )
        task = asyncio.current_task()
        assert task
        self._server.writers.add(writer)
        talk.ledger.connections += 1
        talk.ledger.serving.add(task)
        try:
            await _Connection(talk, self.assignment).serve()
        except (OSError, EOFError, ssl.SSLError):
            pass  # the client disconnected, or does not trust us
        finally:
            talk.ledger.serving.discard(task)
            writer.close()


class _Connection:
    """One connection."""

    def __init__(self, talk: Talk, assignment: Assignment) -> None:
        self._talk = talk
        self._assignment = assignment
        self._ledger = assignment.ledger

    async def serve(self) -> None:
        """Serve requests until one closes the connection."""
        if await self._fails(Stage.CONNECTION):
            return
        if self._assignment.fault.where is Where.TLS:
            await self._talk.secure()
        while await self._next():
            pass

    async def _next(self) -> bool:
        head = await self._talk.head()
        if head.path.endswith(PROBE):
            return await self._probe(head.path)
        if not head.path.startswith(f"/{self._assignment.name}/"):
            self._ledger.strays.append(head.path)
        step = self._assignment.step()
        if step and step.stage is Stage.HEAD:
            self._ledger.note(method=head.method, path=head.path, key=head.key, is_whole=False, processed=False)
            return not await self._fails(Stage.HEAD)
        await self._talk.body(head)
        processed = step.processed if step else True
        self._ledger.note(method=head.method, path=head.path, key=head.key, is_whole=True, processed=processed)
        if await self._fails(Stage.REQUEST):
            return bool(step and step.keeps)
        await self._talk.write(response(self._assignment.good))
        return True

    async def _fails(self, stage: Stage) -> bool:
        step = self._assignment.step()
        if step is None or step.stage is not stage:
            return False
        self._ledger.faults += 1
        await step.act(self._talk)
        return True

    async def _probe(self, path: str) -> bool:
        await self._talk.write(response(b'{"probe": "%s"}' % path.encode()))
        if not self._assignment.fault.closes_idle:
            return True
        self._talk.writer.close()
        with contextlib.suppress(OSError):
            await self._talk.writer.wait_closed()
        self._assignment.idle_closed.set()
        return False


class FaultServer:
    """Places for calls, on a thread, and another host that must receive no requests."""

    def __init__(self, folder: Path, *, places: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.places = [Place(self) for _ in range(places)]
        self.writers: WeakSet[asyncio.StreamWriter] = WeakSet()
        self.authorities = trusted, _ = trustme.CA(), trustme.CA()
        self.trusted_path = folder / "trusted.pem"
        trusted.cert_pem.write_to_path(str(self.trusted_path))
        # Bound but not listening: connections are refused, and no other process can get the port.
        self._dead = socket.socket()
        self._dead.bind(("127.0.0.1", 0))
        self.dead_port: int = self._dead.getsockname()[1]
        self._other_host: asyncio.Server | None = None
        self.elsewhere = ""
        self.connections_elsewhere = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.of_loop(self._open()).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.of_loop(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._dead.close()

    def of_loop(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Run something on the server's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def settled(self, ledger: Ledger) -> Future[None]:
        """Wait until the server has finished a call whose client is closed."""
        return self.of_loop(_settled(ledger))

    async def _open(self) -> None:
        for place in self.places:
            await place.open()
        self._other_host = await asyncio.start_server(self._visited, "127.0.0.1", 0)
        self.elsewhere = f"http://localhost:{self._other_host.sockets[0].getsockname()[1]}/elsewhere"

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        self.connections_elsewhere += 1
        writer.close()

    async def _close(self) -> None:
        assert self._other_host
        self._other_host.close()
        for place in self.places:
            await place.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for writer in self.writers:
            writer.transport.abort()  # a TLS connection that was closed still waits for its client


async def _settled(ledger: Ledger) -> None:
    if ledger.serving:
        await asyncio.wait(set(ledger.serving), timeout=20)
