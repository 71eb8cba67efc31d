"""A uvicorn server in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from blooio_sandbox.application import Application


HOST: str = "127.0.0.1"
_MAX_SHUTDOWN = 2
# Addresses to listen on, but not to connect to.
_ANY_ADDRESS = {"0.0.0.0": HOST, "::": "::1"}  # noqa: S104 - only with allow_network


class PortInUseError(OSError):
    """The port is in use."""


class NotLoopbackError(ValueError):
    """The address is not a loopback address."""


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that runs even while a test freezes the time, as freezegun does."""

    def time(self) -> float:
        """Return the system's clock, which only a patched `time.monotonic` would stop."""
        return time.clock_gettime(time.CLOCK_MONOTONIC) if sys.platform != "win32" else time.monotonic()


class ServerThread:
    """Serves an application on loopback until it is stopped."""

    def __init__(self, application: Application, host: str, port: int, *, allow_network: bool = False) -> None:
        self._application = application
        self._socket = listen(host, port, allow_network=allow_network)
        self.port: int = self._socket.getsockname()[1]
        name = _ANY_ADDRESS.get(host, host)
        self.origin: str = f"http://{f'[{name}]' if ':' in name else name}:{self.port}"
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"blooio-sandbox-{self.port}", daemon=True)
        self._server = Server(
            Config(
                application,
                http=Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_MAX_SHUTDOWN,
            )
        )

    def start(self) -> None:
        """Start, and return once the server accepts requests."""
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Stop, and return once every socket is closed and the thread has ended."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def leave_to_parent(self) -> None:
        """Close the port in a forked child, which would keep it open after the parent has stopped."""
        self._socket.close()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=_Loop) as runner:
                runner.run(self._serve())
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._application.drop_connection = self._drop_connection
        deliveries = asyncio.create_task(self._application.deliverer.run())
        await self._open()
        self._started.set()
        await self._stopping.wait()
        self._application.closing.set()
        deliveries.cancel()
        await asyncio.gather(deliveries, return_exceptions=True)
        # Requests received in part, which may never become whole.
        self._abort(lambda each: getattr(each.cycle, "more_body", False))
        await self._server.shutdown([self._socket])

    async def _open(self) -> None:
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup([self._socket])

    def _drop_connection(self, client: object) -> None:
        self._abort(lambda each: each.client == client)

    def _abort(self, is_chosen: Callable[[Connection], bool]) -> None:
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, Connection) and is_chosen(connection):
                connection.transport.abort()


def listen(host: str, port: int, *, allow_network: bool = False) -> socket.socket:
    """Return a socket bound to a port; 0 picks a free one.

    Raises:
        NotLoopbackError: The host is not a loopback address, and `allow_network` is not set.
        PortInUseError: The port is in use.
    """
    address = _address(host, allow_network=allow_network)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # asyncio disables Nagle's algorithm only if the protocol is named; otherwise each response takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise PortInUseError(f"port {port} of {host} cannot be used: {error.strerror}") from None
    return listener


def _address(host: str, *, allow_network: bool) -> str:
    address = HOST if host == "localhost" else host
    try:
        if ip_address(address).is_loopback or allow_network:
            return address
    except ValueError:
        pass
    hint = "" if allow_network else ", or allow other machines with --allow-network (allow_network=True)"
    raise NotLoopbackError(f"{host} is not a loopback address; use 127.0.0.1, ::1 or localhost{hint}")


class OneWriteTransport:
    """A transport that buffers writes until the event loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._gathered: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Buffer the data, and write it in the event loop's next turn."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)

    def close(self) -> None:
        """Flush the buffer, and close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        data = b"".join(self._gathered)
        self._gathered.clear()
        if data:
            self._transport.write(data)


class Connection(H11Protocol):
    """An HTTP/1.1 connection that writes head and body at once: two writes take twice as long."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wrap the transport."""
        gathering = OneWriteTransport(cast("asyncio.Transport", transport))
        super().connection_made(cast("asyncio.Transport", gathering))
