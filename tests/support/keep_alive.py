"""A server with persistent connections, plain or over TLS."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from thread_server import ThreadServer

Reply = Callable[[str], Awaitable[Sequence[bytes]]]
"""Takes the text of a message, and returns the bytes to write."""


def response(message_id: str, padding: int = 0) -> bytes:
    """Return a response that keeps the connection open."""
    body = json.dumps({"message_id": message_id, "poll_id": "poll_1", "padding": "x" * padding}).encode()
    return b"HTTP/1.1 202 Accepted\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def response_of_size(message_id: str, size: int) -> bytes:
    """Return a response of an exact size."""
    padding = size - len(response(message_id, size))
    padded = response(message_id, size + padding)
    assert len(padded) == size
    return padded


async def echo(text: str) -> Sequence[bytes]:
    """Respond with the text of the request."""
    return [response(text)]


class KeepAliveServer(ThreadServer):
    """A server that keeps connections open, and writes what a function returns."""

    def __init__(self, reply: Reply = echo, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(host, tls)
        self._reply = reply
        self.texts: list[str] = []
        self.arrived = threading.Event()
        """Set when the first request has arrived."""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Respond to each request."""
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
            text: str = json.loads(await reader.readexactly(length)).get("text", "a poll")
            self.texts.append(text)
            self.arrived.set()
            writer.writelines(await self._reply(text))
            await writer.drain()


READ_BUFFER: Final = 65_536
"""Bytes that httpcore reads at once."""
