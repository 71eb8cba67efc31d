"""A few sends by a sync client, or by an async client on any event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

import anyio.to_thread
import trio
import uvloop

from blooio_client import AsyncBlooio, Blooio

PHONE: Final = "+15551234567"
Loop = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
LOOPS: Final[dict[str, Loop]] = {
    "asyncio": lambda ask: asyncio.run(ask()),
    "uvloop": lambda ask: uvloop.run(ask()),
    "trio": trio.run,
}
KINDS: Final = ("sync", *LOOPS)


def send_all(
    kind: str, url: str, texts: Sequence[str], between: Callable[[], None] = lambda: None, **settings: Any
) -> list[str]:
    """Send one message after another with one client, and return their ids."""
    if kind == "sync":
        with Blooio("key", base_url=url, **settings) as client:
            came: list[str] = []
            for text in texts:
                came.append(client.chat(PHONE).send(text).message_id)
                between()
            return came

    async def awaited() -> list[str]:
        came: list[str] = []
        async with AsyncBlooio("key", base_url=url, **settings) as client:
            for text in texts:
                came.append((await client.chat(PHONE).send(text)).message_id)
                await anyio.to_thread.run_sync(between)
        return came

    result: list[str] = LOOPS[kind](awaited)
    return result
