"""A server that fails at random, and records the requests that it received and accepted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

import attrs
from thread_server import ThreadServer

HTML: Final = b"<html>Bad gateway</html>"


@attrs.frozen
class Seen:
    """One request to send a message."""

    key: str
    nonce: str
    """The text of the message, by which the caller recognizes its own response."""


@attrs.define
class Ledger:
    """The requests that the server received."""

    requests: int = 0
    accepted: dict[str, str] = attrs.field(factory=dict[str, str])
    """The text that was accepted under each key."""

    def accept(self, seen: Seen) -> bool:
        """Process a request unless its key is known; return whether it was new."""
        is_new = seen.key not in self.accepted
        self.accepted.setdefault(seen.key, seen.nonce)
        return is_new

    @property
    def double_sends(self) -> int:
        """Return how many texts were accepted again under another key."""
        return len(self.accepted) - len(set(self.accepted.values()))


Conduct = Callable[[Ledger, Seen], Awaitable[bytes]]
"""Handles a request, and returns the bytes to write; the connection is kept only after a complete response."""


def response(status: bytes, body: bytes, *more: bytes) -> bytes:
    """Return a response that keeps the connection open."""
    head = b"\r\n".join([b"HTTP/1.1 " + status, *more, b"content-length: %d" % len(body)])
    return head + b"\r\n\r\n" + body


async def _accept(ledger: Ledger, seen: Seen) -> bytes:
    status = b"202 Accepted" if ledger.accept(seen) else b"200 OK"
    return response(status, json.dumps({"message_id": f"msg_{ledger.accepted[seen.key]}"}).encode())


async def _accept_slowly(ledger: Ledger, seen: Seen) -> bytes:
    made = await _accept(ledger, seen)
    await asyncio.sleep(0.005)
    return made


async def _refuse(ledger: Ledger, seen: Seen) -> bytes:
    del ledger, seen
    return response(b"503 Service Unavailable", b"{}", b"retry-after: 0")


async def _throttle(ledger: Ledger, seen: Seen) -> bytes:
    del ledger, seen
    return response(b"429 Too Many Requests", b"{}", b"retry-after: 0")


async def _lose_the_response(ledger: Ledger, seen: Seen) -> bytes:
    ledger.accept(seen)
    return response(b"502 Bad Gateway", HTML, b"retry-after: 0")


async def _hang_up(ledger: Ledger, seen: Seen) -> bytes:
    del ledger, seen
    return b""


async def _accept_and_hang_up(ledger: Ledger, seen: Seen) -> bytes:
    ledger.accept(seen)
    return b""


async def _accept_and_break_off(ledger: Ledger, seen: Seen) -> bytes:
    whole = await _accept(ledger, seen)
    return whole[: -len(seen.nonce) // 2]


FAULTS: Final[Mapping[str, Conduct]] = MappingProxyType(
    {
        "slow": _accept_slowly,
        "refused": _refuse,
        "throttled": _throttle,
        "response lost": _lose_the_response,
        "hung up": _hang_up,
        "accepted, then hung up": _accept_and_hang_up,
        "accepted, then broken off": _accept_and_break_off,
    }
)
_BREAKING: Final = frozenset({_hang_up, _accept_and_hang_up, _accept_and_break_off})


class StormServer(ThreadServer):
    """A server that fails at random, in the same way for the same seed."""

    def __init__(self, seed: int, chance: float = 0.4) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.chance = chance
        """The share of requests that fail; 0 ends the storm."""
        self._random = Random(seed)  # noqa: S311 - a seed makes the run repeatable

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Respond to each request."""
        while await self._exchange(reader, writer):
            pass

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        seen = await _read(reader)
        self.ledger.requests += 1
        conduct = self._conduct()
        writer.write(await conduct(self.ledger, seen))
        await writer.drain()
        return conduct not in _BREAKING

    def _conduct(self) -> Conduct:
        goes_wrong = self._random.random() < self.chance
        return self._random.choice(list(FAULTS.values())) if goes_wrong else _accept


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])}
    body = await reader.readexactly(int(headers["content-length"]))
    return Seen(headers["idempotency-key"], json.loads(body)["text"])
