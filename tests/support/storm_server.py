"""A server that fails at random, and keeps a ledger of what it has seen and accepted."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from types import MappingProxyType, TracebackType
from typing import Final, Self

import attrs

HTML: Final = b"<html>Bad gateway</html>"


@attrs.frozen
class Seen:
    """One request to send a message."""

    key: str
    nonce: str
    """What the caller wrote as the text, by which it knows its own response."""


@attrs.define
class Ledger:
    """What the server has seen."""

    requests: int = 0
    connections: int = 0
    """How many were made in all."""
    open: int = 0
    """How many there are now."""
    accepted: dict[str, str] = attrs.field(factory=dict[str, str])
    """The text that was accepted under each key, once."""

    def accept(self, seen: Seen) -> bool:
        """Carry a request out, unless its key is known; say whether it was new."""
        is_new = seen.key not in self.accepted
        self.accepted.setdefault(seen.key, seen.nonce)
        return is_new

    @property
    def double_sends(self) -> int:
        """How many texts were accepted once more, under another key."""
        return len(self.accepted) - len(set(self.accepted.values()))


Conduct = Callable[[Ledger, Seen], Awaitable[bytes]]
"""Deals with a request, and returns what is written; the connection is kept only after a whole response."""


def response(status: bytes, body: bytes, *more: bytes) -> bytes:
    """A response after which the connection stays open."""
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


async def _lose_the_answer(ledger: Ledger, seen: Seen) -> bytes:
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
        "answer lost": _lose_the_answer,
        "hung up": _hang_up,
        "accepted, then hung up": _accept_and_hang_up,
        "accepted, then broken off": _accept_and_break_off,
    }
)
_BREAKING: Final = frozenset({_hang_up, _accept_and_hang_up, _accept_and_break_off})


class StormServer:
    """A server on loopback, on an event loop in a thread of its own; its faults are the same for the same seed."""

    def __init__(self, seed: int, chance: float = 0.4) -> None:
        self.ledger = Ledger()
        self.chance = chance
        """How many of all requests go wrong; 0 ends the storm."""
        self._random = Random(seed)  # noqa: S311 - a seed makes the run repeatable
        self._started, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = asyncio.Event()
        self._changed = threading.Condition()
        self._port = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def all_are_closed(self, seconds: float = 10.0) -> bool:
        """Wait until no connection is open; return whether that happened."""
        with self._changed:
            return self._changed.wait_for(lambda: self.ledger.open == 0, seconds)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1000)
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ledger.connections += 1
        with self._changed:
            self.ledger.open += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side is gone
        finally:
            writer.close()
            with self._changed:
                self.ledger.open -= 1
                self._changed.notify_all()

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
