"""Connections that write the head and the body of an answer at once: two writes would take twice as long."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol


class OneWriteTransport:
    """A transport that gathers what is written until the event loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._gathered: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write with the next turn of the event loop."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)

    def close(self) -> None:
        """Write what is gathered, and close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        data = b"".join(self._gathered)
        self._gathered.clear()
        if data:
            self._transport.write(data)


class Connection(H11Protocol):
    """An HTTP/1.1 connection whose answers are one write each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        gathering = OneWriteTransport(cast("asyncio.Transport", transport))
        super().connection_made(cast("asyncio.Transport", gathering))
