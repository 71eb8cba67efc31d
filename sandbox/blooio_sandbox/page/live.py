"""Server-sent events: tell open pages that something has changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Send

EVENT_STREAM: str = "text/event-stream"
# Changes within this time are one event.
_PAUSE = 0.08
# Without changes, the clock of the sandbox still moves; and a lost connection is noticed by writing to it.
_MAX_SILENCE = 2.0


class Live:
    """The open pages; every thread may notify them."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[asyncio.Event] = set()

    def notify(self) -> None:
        """Tell every open page that something has changed."""
        if self._pages and self._loop is not None:
            # The loop may have ended meanwhile.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake)

    async def stream(self, headers: dict[str, str], receive: Receive, send: Send, closing: asyncio.Event) -> None:
        """Send an event for every change, until the page or the sandbox closes."""
        self._loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self._pages.add(changed)
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        ending = [asyncio.ensure_future(_disconnected(receive)), asyncio.ensure_future(closing.wait())]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            while not any(each.done() for each in ending):
                changed.clear()
                await send({"type": "http.response.body", "body": b"data: change\n\n", "more_body": True})
                await asyncio.wait(ending, timeout=_PAUSE, return_when=asyncio.FIRST_COMPLETED)
                waiting = asyncio.ensure_future(changed.wait())
                await asyncio.wait([*ending, waiting], timeout=_MAX_SILENCE, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._pages.discard(changed)
            for each in ending:
                each.cancel()

    def _wake(self) -> None:
        for changed in self._pages:
            changed.set()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
