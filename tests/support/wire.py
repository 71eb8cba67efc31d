"""A raw socket server, for responses that no web server would send."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Handler = Callable[["Exchange"], None]


class Exchange:
    """A request on a connection, and the means to respond."""

    def __init__(
        self, connection: socket.socket, request: bytes, stopping: threading.Event, requests: list[bytes]
    ) -> None:
        self._connection = connection
        self.request = request
        self._stopping = stopping
        self._requests = requests

    def write(self, data: bytes) -> None:
        """Write bytes unchanged."""
        self._connection.sendall(data)

    def can_write(self, data: bytes) -> bool:
        """Write bytes; return whether the client is still connected."""
        try:
            self._connection.sendall(data)
        except OSError:
            return False
        return not self._stopping.is_set()

    def drip(self, data: bytes, *, pause: float = 0.05) -> int:
        """Write byte by byte, with a pause before each, until the client disconnects; return the number of bytes."""
        for written, byte in enumerate(data):
            if self._stopping.wait(pause):
                return written
            try:
                self._connection.sendall(bytes([byte]))
            except OSError:
                return written
        return len(data)

    def follow(self) -> bool:
        """Read the next request on the same connection; return whether there was one."""
        self.request = read_request(self._connection)
        if self.request:
            self._requests.append(self.request)
        return bool(self.request)

    def wait(self) -> None:
        """Write nothing until the server stops."""
        self._stopping.wait()


def hang_up(exchange: Exchange) -> None:
    """Close the connection without a response."""
    del exchange


def in_turn(*handlers: Handler) -> Handler:
    """Handle each request with the next handler."""
    left = iter(handlers)

    def handle(exchange: Exchange) -> None:
        next(left)(exchange)

    return handle


def after_the_first(handler: Handler) -> Handler:
    """Respond to the first request and keep its connection open; handle later requests with the handler.

    The time of a later request does not include connecting.
    """
    is_connected = threading.Event()

    def handle(exchange: Exchange) -> None:
        if not is_connected.is_set():
            is_connected.set()
            exchange.write(json_response(b'{"id": "+15551234567"}').replace(b"connection: close\r\n", b""))
            if not exchange.follow():
                return
        handler(exchange)

    return handle


class Wire:
    """A server on loopback that handles each request and then closes the connection."""

    def __init__(self, handler: Handler, *, tls: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self.requests: list[bytes] = []

    @property
    def url(self) -> str:
        """The URL of the server."""
        port = self._listener.getsockname()[1]
        return f"https://localhost:{port}" if self._tls else f"http://127.0.0.1:{port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        # Closing a listening socket would leave its thread waiting.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        # An interrupted client may have left an idle connection open.
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, self._wrapped(connection) as stream:
                request = read_request(stream)
                if request:
                    self.requests.append(request)
                    self._handler(Exchange(stream, request, self._stopping, self.requests))
        except OSError:
            return  # the client disconnected, or does not trust us

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        return connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)


def read_request(connection: socket.socket) -> bytes:
    """Read one request: its headers, and its body with a length or in chunks."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
        if not data[:1].isalpha():  # not HTTP
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    is_chunked = b"transfer-encoding: chunked" in head.lower()
    # The last chunk is a line of its own: a boundary may end with 0, too.
    while (lengths and len(body) < int(lengths[0])) or (is_chunked and not (b"\r\n" + body).endswith(b"\r\n0\r\n\r\n")):
        more = connection.recv(65536)
        if not more:  # the client disconnected
            break
        body += more
    return head + b"\r\n\r\n" + body


def json_response(body: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a valid JSON response that closes the connection."""
    head = b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
    return head % (status, len(body), body)
