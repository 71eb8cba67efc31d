"""The sync wire: httpx's client and transport over a small connection pool of our own."""

from __future__ import annotations

import inspect
import socket
import time
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Final, cast
from weakref import WeakSet

import httpcore
import httpx

from blooio_overrides.arguments import reject

from .._call.outcome import Failure, Outcome, Response
from .._call.request import Request
from .._call.retries import Deadline, now
from ..forks import after_fork
from ..silence import silence
from . import exceptions, wire
from .environment import tls_for
from .wire import NO_COOKIES, WINDOWS, Attempt, BaseConnections, Body, Connection

ONE_WRITE: Final = 1 << 14
"""Bytes written at once: httpcore grants each packet of a write the whole timeout, so a long one could take forever."""


@contextmanager
def shielded(seconds: float) -> Generator[None]:
    """Run something to its end: sync calls cannot be cancelled, and their own timeout limits them."""
    del seconds
    yield


class Stream(httpcore.NetworkStream):
    """A connection on which each read and write also ends with the attempt.

    The head of a request is held back until its body follows, so both leave in one packet.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._begin(stream)

    def _begin(self, stream: httpcore.NetworkStream) -> None:
        self._stream, self._held = stream, b""
        self.socket, self.tls = stream.get_extra_info("socket"), stream.get_extra_info("ssl_object")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._held:  # a SOCKS handshake
            self.write(b"", timeout)
        return self._stream.read(max_bytes, wire.current.get().within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer and not self._held:
            self._held = buffer
            return
        buffer, self._held = self._held + buffer, b""
        if not buffer:  # httpcore ends a request by writing an empty string
            return
        attempt = wire.current.get()
        if attempt.step is not None and not buffer.startswith(wire.GREETINGS):
            attempt.step = None
        try:
            for start in range(0, len(buffer), ONE_WRITE):
                piece = buffer[start : start + ONE_WRITE]
                self._stream.write(piece, attempt.within(timeout, httpcore.WriteTimeout))
        except httpcore.WriteError as error:  # httpcore then goes on to read the response
            foreign = exceptions.foreign_exception(error, attempt)
            if foreign is not error:
                raise foreign from foreign.__cause__
            raise

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Stream:
        left = wire.current.get().within(timeout, httpcore.ConnectTimeout)
        self._begin(self._stream.start_tls(ssl_context, server_hostname, left))
        return self

    def get_extra_info(self, info: str) -> Any:
        return wire.is_readable(self) if info == "is_readable" else self._stream.get_extra_info(info)


class Backend(httpcore.SyncBackend):
    """Opens these connections, and keeps track of them."""

    def __init__(self) -> None:
        self.streams: WeakSet[Stream] = WeakSet()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        attempt = wire.current.get()
        attempt.step = "ConnectTimeout"
        failed: Exception = httpcore.ConnectError("the name has no address")
        ends_at = None if timeout is None else now() + timeout
        addresses = _addresses(host, port)
        for left_over, address in zip(reversed(range(len(addresses))), addresses, strict=True):
            # An address that does not respond, as behind a broken IPv6 route, leaves half of the time for the others.
            left = None if ends_at is None else max(0.001, (ends_at - now()) / (2 if left_over else 1))
            try:
                built = super().connect_tcp(
                    address, port, attempt.within(left, httpcore.ConnectTimeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                foreign = exceptions.foreign_exception(error, attempt)
                if foreign is not error:
                    raise foreign from foreign.__cause__
                failed = error
            else:
                stream = Stream(built)
                self.streams.add(stream)
                assert attempt.connection is not None
                attempt.connection.stream = stream
                return stream
        raise failed


def _addresses(host: str, port: int) -> list[str]:
    """Resolve a name one address at a time: a loop in the library would swallow what a signal handler raises."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise httpcore.ConnectError("the name cannot be resolved") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Pool:
    """The connections to one origin; replaces httpcore's pool.

    httpcore's pool can leak connections after an interruption, and slows down quadratically with the number of waiting
    calls. This one has no lock: each step on shared state is atomic in the interpreter, so an interruption is harmless.
    """

    def __init__(self, base_url: str) -> None:
        self._backend = Backend()
        self._make = wire.connector_for(base_url, self._backend, is_async=False)
        self.is_closed = False
        self.reset()

    def reset(self) -> None:
        """Forget all connections and start with new ones; calls in flight keep theirs."""
        self._idle, self._slots = deque[Connection](), SimpleQueue[None]()
        for _ in range(wire.MAX_CONNECTIONS):
            self._slots.put(None)

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on an idle or a new connection: the interface that the transport expects of its pool."""
        attempt, slots = wire.current.get(), self._slots
        attempt.step = "PoolTimeout"
        try:
            timeout: float | None = cast("Any", request).extensions["timeout"].get("pool")
            slots.get(timeout=attempt.within(timeout, httpcore.PoolTimeout))
        except Empty:
            raise httpcore.PoolTimeout("all connections were in use") from None
        attempt.slots = slots
        attempt.connection = connection = self._take_idle(once=attempt.once) or Connection(
            self._make(request.url.origin)
        )
        response: httpcore.Response = connection.http.handle_request(request)
        attempt.body = response.stream
        return response

    def _take_idle(self, *, once: bool) -> Connection | None:
        """Return the most recently used idle connection, and close those that are too old or broken."""
        idle, moment = self._idle, now()
        with suppress(IndexError):
            while moment - idle[0].since > wire.KEEPALIVE_EXPIRY:
                idle.popleft().stream.close()
            while not once or moment - idle[-1].since <= wire.KEEPALIVE_EXPIRY_ONCE:
                connection = idle.pop()
                if not wire.is_readable(connection.stream):
                    return connection
                connection.stream.close()
        return None

    def release(self, attempt: Attempt, *, is_read: bool) -> None:
        """End an attempt: keep its connection if it ended well, close it otherwise."""
        connection, idle = attempt.connection, self._idle
        if connection is not None and connection.stream is not None:
            if is_read and wire.can_be_reused(attempt.body, connection.stream) and len(idle) < wire.MAX_KEEPALIVE:
                connection.since = now()
                idle.append(connection)
                if self.is_closed:  # in the meantime
                    self.close()
            else:
                connection.stream.close()
        if attempt.slots is not None:
            attempt.slots.put(None)

    def recover(self) -> None:
        """Start with new connections after an interruption, which may have come anywhere and left a slot taken."""
        idle = self._idle
        self.reset()
        _close_all(idle)

    def reset_in_child(self) -> None:
        """Forget the connections in a child process, one by one: the parent's threads may have been using them."""
        for stream in list(self._backend.streams):
            stream.close()
        self.reset()

    def close(self) -> None:
        """Close idle connections; those in use close with their call."""
        self.is_closed = True
        _close_all(self._idle)


def _close_all(idle: deque[Connection]) -> None:
    with suppress(IndexError):
        while True:
            idle.pop().stream.close()


class Client(httpx.Client):
    """httpx's client without cookies, which cost a tenth of a send even if none are kept."""

    cookies: Any = NO_COOKIES


class Connections(BaseConnections):
    """The connections of a client, opened when needed; or the user's own HTTP client."""

    def __init__(self, base_url: str, client: httpx.Client | None) -> None:
        is_client = hasattr(client, "build_request") and not isinstance(client, type)
        if client is not None and (not is_client or inspect.iscoroutinefunction(client.send)):
            reject("http_client must be a sync client such as httpx.Client; use AsyncBlooio with an async one")
        super().__init__(base_url, client)
        self._ours: dict[str, tuple[Pool, httpx.Client]] = {}
        silence()
        after_fork(self._reset_after_fork)

    def attempt(self, request: Request, deadline: Deadline, *, once: bool) -> Outcome:
        """Send a request once.

        Args:
            request: What to send.
            deadline: When the call must have ended.
            once: Whether the request cannot be repeated; it then gets no connection that was idle for long.

        Raises:
            BaseException: Anything that did not come from the transport, such as an interruption; unchanged.
        """
        attempt = Attempt(deadline, once=once)
        token = wire.current.set(attempt)
        try:
            return self._send(request, attempt)
        except BaseException as error:
            failure = exceptions.failure_of(error, attempt)
            if isinstance(failure, Failure):
                return failure
            for pool, _ in self._ours.values():
                pool.recover()
            exceptions.without_frames(failure)
            if failure is error:
                raise
            raise failure from failure.__cause__
        finally:
            wire.current.reset(token)

    def _send(self, request: Request, attempt: Attempt) -> Response:
        client: Any = self._own
        base_url = request.server or self._base_url
        if client is None:
            pool, client = self._ours.get(base_url) or self._create(base_url)
            built = httpx.Request(**wire.arguments_of(base_url, request, attempt, is_ours=True))
        else:
            pool = None
            built = wire.request_of_own_client(client, wire.arguments_of(base_url, request, attempt, is_ours=False))
            attempt.request, built.extensions["trace"] = built, attempt.trace
        is_read = False
        try:
            response = client.send(built, stream=True, follow_redirects=False)
            try:
                if response.is_closed or response.is_stream_consumed:  # by a hook, or because a mock created it
                    return wire.already_read(response)
                headers = wire.headers_of(response.headers.raw)
                body = Body(WINDOWS.get(headers.get("content-encoding", "").strip().lower()))
                # The response's own iterators would release the connection when they end.
                for chunk in response.stream:
                    if body.add(chunk):
                        break
                    attempt.within(None, httpx.ReadTimeout)
                else:
                    is_read = True
                    if pool is None:
                        wire.close_if_followed(response)
            finally:
                response.close()
        finally:
            if pool is not None:
                pool.release(attempt, is_read=is_read)
        return Response(response.status_code, headers, b"".join(body.chunks))

    def _create(self, base_url: str) -> tuple[Pool, httpx.Client]:
        pool = Pool(base_url)
        transport = httpx.HTTPTransport(verify=tls_for(base_url))
        setattr(transport, wire.POOL, pool)
        client = Client(transport=transport, trust_env=False)
        # Threads that race here all get the first one: connections of another would never be closed.
        created = self._ours.setdefault(base_url, (pool, client))
        if self._is_closed:  # pragma: no cover - a race: closed by another thread meanwhile
            created[0].is_closed = True
        return created

    def _reset_after_fork(self) -> None:
        """Forget the parent's connections, in a child process."""
        self._is_foreign = True
        for pool, _ in self._ours.values():
            pool.reset_in_child()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def close(self) -> None:
        """Reject new calls; calls in flight finish. The user's own HTTP client stays open."""
        self._is_closed = True
        for pool, _ in self._ours.values():
            pool.close()
