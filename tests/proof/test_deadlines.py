"""How long a call with a timeout of half a second takes with a dripping server."""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio
import httpx
import pytest
from wire import Exchange, Wire

from blooio_client import AsyncBlooio, Blooio, DeadlineExceededError

TIMEOUT = 0.5
PAUSE = 0.1
DRIPS = {"headers": b"HTTP/1.1 200 OK\r\nx-filler: ", "body": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"}


def blocking(url: str, *, own: bool) -> float:
    """Return how many seconds a sync call takes."""
    with httpx.Client() as http, Blooio("key", base_url=url, http_client=http if own else None) as client:
        chat, began = client.chat("+15551234567"), time.monotonic()
        with pytest.raises(DeadlineExceededError):
            chat.get(timeout=TIMEOUT)
        return time.monotonic() - began


def awaiting(url: str, *, own: bool) -> float:
    """Return how many seconds an async call takes, in a new event loop."""

    async def call() -> float:
        async with (
            httpx.AsyncClient() as http,
            AsyncBlooio("key", base_url=url, http_client=http if own else None) as client,
        ):
            chat, began = client.chat("+15551234567"), time.monotonic()
            with pytest.raises(DeadlineExceededError):
                await chat.get(timeout=TIMEOUT)
            return time.monotonic() - began

    return anyio.run(call)


CALLS: dict[str, Callable[..., float]] = {"sync": blocking, "async": awaiting}
CASES = [(mode, where, own) for mode in CALLS for where in DRIPS for own in (False, True)]
# While headers arrive, httpx's sync client does not report how long it has been reading.
CASES.remove(("sync", "headers", True))


@pytest.mark.proof
@pytest.mark.parametrize(("mode", "where", "own"), CASES)
def test_the_timeout_is_kept(mode: str, where: str, *, own: bool) -> None:
    """The server can send a byte per 0.1 s of the timeout, and at most two more before the connection is closed."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        exchange.write(DRIPS[where])
        written.append(exchange.drip(b" " * 100, pause=PAUSE))

    with Wire(drip) as server:
        took = CALLS[mode](server.url, own=own)
    print(f"\n{where} that drip, {mode}, {'own client' if own else 'ours'}: {took:.3f} s, {written[0]} bytes")

    assert written[0] <= 7
