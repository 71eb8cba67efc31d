"""A proxy on loopback for CONNECT, plain or over TLS, and for SOCKS5, which can fail on demand."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from thread_server import ThreadServer

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

REFUSALS: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        "407": b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
        "502": b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
        "302": b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere.example/\r\ncontent-length: 0\r\n\r\n",
        "a page that asks for a login": b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html></html>",
        "half of a response": b"HTTP/1.1 200 Conn",
        "no HTTP": b"\x00\xffgarbage\r\n\r\n",
        "nothing": b"",
    }
)
"""What a proxy responds to CONNECT before it disconnects."""
SOCKS_REFUSALS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        "nothing": (b"",),
        "no method": (b"\x05\xff",),
        "half of a greeting": (b"\x05",),
        "no SOCKS": (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        "a wrong password": (b"\x05\x02", b"\x01\x01"),
        "nothing after the greeting": (b"\x05\x00", b""),
        "no route": (b"\x05\x00", b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"),
        "half of a reply": (b"\x05\x00", b"\x05\x00\x00"),
        "nothing after the reply": (b"\x05\x00", b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"),
    }
)
"""What a SOCKS proxy responds to each message of the client before it disconnects."""


class Proxy(ThreadServer):
    """A proxy that tunnels to any host, and records the handshakes."""

    def __init__(self, scheme: str, tls: ssl.SSLContext | None = None, refusal: str | None = None) -> None:
        super().__init__(tls=tls if scheme == "https" else None)
        self._scheme = scheme
        self._refusal = refusal
        self.told: list[bytes] = []
        """The bytes of each handshake, the only ones that the proxy can read."""
        self.handshake_begun = threading.Event()

    @property
    def url(self) -> str:
        """The URL of the proxy, with credentials."""
        return f"{self._scheme}://ann:p%C3%A4ss@localhost:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle the handshake, then tunnel."""
        await (self._socks if self._scheme.startswith("socks5") else self._connect)(reader, writer)

    def _note(self, told: bytes) -> None:
        self.told.append(told)
        self.handshake_begun.set()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self._note(head)
        if self._refusal == "silence":
            await reader.read()
            return
        if self._refusal is not None:
            writer.write(REFUSALS[self._refusal])
            await writer.drain()
            return
        target = urlsplit(f"//{head.split(b' ')[1].decode()}")
        await _tunnel((reader, writer), target.port or 0, b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = await reader.read(1000)
        self._note(greeting)
        if self._refusal == "silence":
            await reader.read()
            return
        if self._refusal is not None:
            for reply in SOCKS_REFUSALS[self._refusal]:
                writer.write(reply)
                await writer.drain()
                if reply:
                    self._note(await reader.read(1000))
            return
        writer.write(b"\x05\x02")
        self._note(await reader.read(1000))
        writer.write(b"\x01\x00")
        request = await reader.read(1000)
        self._note(request)
        await _tunnel((reader, writer), int.from_bytes(request[-2:]), b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")


async def _tunnel(client: Streams, port: int, reply: bytes) -> None:
    server = await asyncio.open_connection("127.0.0.1", port)
    client[1].write(reply)
    try:
        await asyncio.wait(
            [asyncio.ensure_future(_pump(client[0], server[1])), asyncio.ensure_future(_pump(server[0], client[1]))],
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        server[1].close()


async def _pump(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(65536):
            into.write(piece)
            await into.drain()
