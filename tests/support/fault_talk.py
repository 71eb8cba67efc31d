"""Faults, and a connection as faults use it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import cache

import attrs
import trustme
from fault_ledger import Ledger


class Stage(Enum):
    """How far a request gets before the fault."""

    CONNECTION = "nothing of it was read"
    HEAD = "its headers were read"
    REQUEST = "all of it was read"


class Where(Enum):
    """What listens at the address."""

    PLAIN = "http"
    TLS = "https"
    DEAD = "nobody"


@attrs.frozen
class Head:
    """The request line and headers of a request."""

    method: str
    path: str
    key: str | None
    length: int


def head_of(data: bytes) -> Head:
    """Read the head of a request."""
    line, *rest = data.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    method, target, _ = line.split(" ")
    length = int(headers.get("content-length", "0"))
    return Head(method, target.partition("?")[0], headers.get("idempotency-key"), length)


@attrs.define(eq=False)
class Talk:
    """A connection as faults use it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    ledger: Ledger
    authorities: tuple[trustme.CA, trustme.CA]
    """One that the clients trust, and one that they do not."""
    elsewhere: str
    """The URL of a host that must receive no requests."""
    good: bytes
    """The body of a valid response."""

    async def head(self) -> Head:
        """Read the head of the next request."""
        return head_of(await self.reader.readuntil(b"\r\n\r\n"))

    async def body(self, head: Head) -> None:
        """Read the body of a request."""
        await self.reader.readexactly(head.length)

    async def write(self, data: bytes) -> None:
        """Write bytes unchanged."""
        self.writer.write(data)
        await self.writer.drain()
        self.ledger.written += len(data)

    async def pour(self, block: bytes, times: int) -> None:
        """Write a block repeatedly until the client disconnects."""
        for _ in range(times):
            if self._is_left:
                return
            await self.write(block)

    async def drip(self, data: bytes, at_once: int = 1) -> None:
        """Write a few bytes at once with a pause before each, until the client disconnects."""
        end = asyncio.ensure_future(self.reader.read(1))
        try:
            for start in range(0, len(data), at_once):
                await asyncio.wait({end}, timeout=0.1)
                if end.done() or self._is_left:
                    return
                await self.write(data[start : start + at_once])
        finally:
            end.cancel()

    @property
    def _is_left(self) -> bool:
        return self.reader.at_eof() or self.writer.transport.is_closing()

    async def reset(self) -> None:
        """End the connection with a reset, as a crash or a firewall would."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def secure(self, *, trusted: bool = True) -> None:
        """Upgrade to TLS."""
        await self.writer.start_tls(_tls_of(self.authorities[0 if trusted else 1]))


@cache
def _tls_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context


Act = Callable[[Talk], Awaitable[None]]


@attrs.frozen
class Step:
    """The fault of one attempt."""

    act: Act
    stage: Stage = Stage.REQUEST
    processed: bool = True
    """Whether the request is processed nevertheless; if this is unknown, the worst case."""
    keeps: bool = False
    """Whether the connection stays open."""


@attrs.frozen
class Fault:
    """A fault."""

    name: str
    steps: tuple[Step, ...]
    """The faults of successive attempts; the last one is repeated."""
    where: Where = Where.PLAIN
    warms_up: bool = False
    """Whether the connection was used successfully before."""
    closes_idle: bool = False
    """Whether the server closes connections as soon as they are idle."""
    at_once: int = 64
    """How many may occur concurrently: few if they transfer much."""
    status: int | None = None
    """The status of the response, if there is one."""
    most_written: int = 4_000_000
    """The maximum number of bytes that the client may read."""
    seconds: float | None = None
    """The deadline of the call; without one, each step of an attempt may take a minute."""

    def sees(self, attempt: int) -> bool:
        """Return whether the server reads at least the headers of an attempt, counted from 1."""
        step = self.steps[min(attempt, len(self.steps)) - 1]
        return self.where is not Where.DEAD and step.stage is not Stage.CONNECTION
