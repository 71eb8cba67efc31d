"""Connections for awaiting code: closed whatever cuts their making short, and quickly asked whether they still are."""

from __future__ import annotations

import select
import ssl
from collections.abc import Awaitable, Iterable
from contextvars import ContextVar
from typing import Any, Final

import anyio
import httpcore
from anyio.lowlevel import current_token

from .limits import Limits

CLOSING_LIMIT: Final = 1.0
"""Seconds that a connection which is given up may take to close."""

attempt_limits: ContextVar[Limits] = ContextVar("blooio_limits")
"""Those of the attempt that is under way."""

_CAN_POLL: Final = hasattr(select, "poll")  # not on Windows


async def _connected(connecting: Awaitable[httpcore.AsyncNetworkStream]) -> httpcore.AsyncNetworkStream:
    """Wait for a connection; an attempt that ends meanwhile knows that it has sent nothing."""
    limits = attempt_limits.get()
    limits.is_connecting = True
    stream = await connecting
    limits.is_connecting = False
    return stream


class Stream(httpcore.AsyncNetworkStream):
    """A connection."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: Any = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer:  # the end of a request is written as nothing
            await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return Stream(await _connected(self._stream.start_tls(ssl_context, server_hostname, timeout)))
        except BaseException:
            # Cancelled, httpcore would leave the connection open, half-way through its handshake.
            with anyio.move_on_after(CLOSING_LIMIT, shield=True):
                await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        # Asked of every idle connection before each request; by way of anyio it takes ten times as long.
        if info == "is_readable" and _CAN_POLL:
            return _is_readable(self._socket.fileno())
        return self._stream.get_extra_info(info)


def _is_readable(descriptor: int) -> bool:
    """Whether the other side of an idle connection has closed it, or says what nobody has asked for."""
    if descriptor < 0:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


class Backend(httpcore.AsyncNetworkBackend):
    """What makes connections, on the event loop that runs."""

    def __init__(self) -> None:
        is_trio = type(current_token().native_token).__module__.startswith("trio.")
        self._backend: Any = httpcore.TrioBackend() if is_trio else httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        connecting = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return Stream(await _connected(connecting))
