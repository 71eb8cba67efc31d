"""A server on loopback, in an event loop in its own thread."""

from __future__ import annotations

import asyncio
import ssl
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class ThreadServer(ABC):
    """A server that counts its connections."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.connections = 0
        self.open = 0
        """The number of connections that are open now."""
        self.most = 0
        """The most connections that were open at once."""
        self._host, self._tls = host, tls
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self._changed = threading.Condition()
        self._started, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = asyncio.Event()

    @abstractmethod
    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle a connection; it is closed afterwards."""

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def open_becomes(self, count: int, seconds: float = 30.0) -> bool:
        """Wait until this many connections are open; return whether that happened."""
        with self._changed:
            return self._changed.wait_for(lambda: self.open == count, seconds)

    def drop_all(self) -> None:
        """Close every connection, as servers do with idle ones."""
        self._loop.call_soon_threadsafe(self._close_all)
        assert self.open_becomes(0)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, self._host, 0, backlog=2048, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        while left := asyncio.all_tasks() - {asyncio.current_task()}:
            for writer in self._writers:
                writer.transport.abort()  # closing a TLS connection would wait for the client
            for task in left:
                task.cancel()
            await asyncio.wait(left)

    def _close_all(self) -> None:
        for writer in self._writers:
            writer.close()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A server that stops must know even a connection whose task has not begun.
        self._writers.add(writer)
        with self._changed:
            self.connections += 1
            self.open += 1
            self.most = max(self.most, self.open)
        task = asyncio.ensure_future(self._handled(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handled(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.handle(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client disconnected
        finally:
            writer.close()
            self._writers.discard(writer)
            with self._changed:
                self.open -= 1
                self._changed.notify_all()
