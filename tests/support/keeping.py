"""A server with persistent connections, plain or over TLS, on its own event loop in a thread."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self

Reply = Callable[[str], Awaitable[Sequence[bytes]]]
"""Given the text of a message, returns what is written at once."""


def response(message_id: str, padding: int = 0) -> bytes:
    """A response after which the connection stays open."""
    body = json.dumps({"message_id": message_id, "poll_id": "poll_1", "padding": "x" * padding}).encode()
    return b"HTTP/1.1 202 Accepted\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def response_of_size(message_id: str, size: int) -> bytes:
    """The same, of an exact size."""
    padding = size - len(response(message_id, size))
    padded = response(message_id, size + padding)
    assert len(padded) == size
    return padded


async def echo(text: str) -> Sequence[bytes]:
    """Respond with the text itself."""
    return [response(text)]


class Keeping:
    """The server; it counts its connections."""

    def __init__(self, reply: Reply = echo, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._reply = reply
        self._host = host
        self._tls = tls
        self.texts: list[str] = []
        self.came = threading.Event()
        """Set when the first request has come."""
        self.connections = 0
        self.open = 0
        self.most = 0
        """How many connections were open at once."""
        self._changed = threading.Condition()
        self._started, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """Where it is."""
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

    def open_becomes(self, count: int, seconds: float = 10.0) -> bool:
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
        self._close_all()

    def _close_all(self) -> None:
        for writer in self._writers:
            writer.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._changed:
            self.connections += 1
            self.open += 1
            self.most = max(self.most, self.open)
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
                text: str = json.loads(await reader.readexactly(length)).get("text", "a poll")
                self.texts.append(text)
                self.came.set()
                writer.writelines(await self._reply(text))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side is gone
        finally:
            writer.close()
            self._writers.discard(writer)
            with self._changed:
                self.open -= 1
                self._changed.notify_all()


READ_BUFFER: Final = 65_536
"""Bytes that httpcore reads at once."""
