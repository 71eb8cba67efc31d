"""The async wire, on any event loop: httpx's client and transport over a small connection pool of our own."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final, Self, cast
from weakref import WeakKeyDictionary, ref

import anyio
import anyio.abc
import httpcore
import httpx
from anyio.lowlevel import RunVar, current_token
from anyio.streams.tls import TLSAttribute, TLSStream

from blooio_overrides.arguments import reject

from .._call.outcome import Failure, Outcome, Response
from .._call.request import Request
from .._call.retries import Deadline, now
from ..forks import after_fork
from ..silence import silence
from . import exceptions, wire
from .environment import tls_for
from .slots import Slots
from .wire import NO_COOKIES, WINDOWS, Attempt, BaseConnections, Body, Connection

CLOSING_LIMIT: Final = 1.0
"""Seconds to wait for a connection to close."""
ONE_READ: Final = 1 << 18
"""The number of bytes that an event loop reads at once. Reading fewer would leave the rest in a buffer, unnoticed."""


@contextmanager
def shielded(seconds: float) -> Generator[None]:
    """Run something to its end even if the task is cancelled, for at most this many seconds."""
    with anyio.move_on_after(seconds, shield=True):
        yield


async def _close(stream: Any) -> None:
    """Close a connection; anyio closes the socket before its first await, so cancelling cannot prevent it."""
    with anyio.move_on_after(CLOSING_LIMIT, shield=True):
        await stream.aclose()


async def _within(
    timeout: float | None, what: str, step: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any
) -> Any:
    """Run a step on a connection, and turn its exceptions into the httpcore exception for that step."""
    try:
        if timeout is None:
            return await step(*arguments, **named)
        with anyio.CancelScope(deadline=anyio.current_time() + timeout):
            return await step(*arguments, **named)
    except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError, UnicodeError) as error:
        if what == "Read" and isinstance(error, anyio.EndOfStream):
            return b""
        if exceptions.is_foreign(error):
            raise
        raise getattr(httpcore, f"{what}Error")(type(error).__name__) from error
    raise getattr(httpcore, f"{what}Timeout")("it took too long")


class Stream(httpcore.AsyncNetworkStream):
    """A connection opened by anyio; like the sync one, it holds back the head of a request until its body follows."""

    def __init__(self, stream: anyio.abc.ByteStream) -> None:
        self._stream, self._held = stream, b""
        self.socket = _attribute(stream, anyio.abc.SocketAttribute.raw_socket)
        self.tls: Any = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._held:  # a SOCKS handshake
            await self.write(b"", timeout)
        # TLS buffers the rest; the event loop does not.
        size = ONE_READ if self.tls is None else max_bytes
        return bytes(await _within(timeout, "Read", self._stream.receive, size))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer and not self._held:
            self._held = buffer
            return
        buffer, self._held = self._held + buffer, b""
        if buffer:  # httpcore ends a request by writing an empty string
            attempt = wire.current.get()
            if attempt.step is not None and not buffer.startswith(wire.GREETINGS):
                attempt.step = None
            await _within(timeout, "Write", self._stream.send, buffer)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> Self:
        inner: Any = self._stream
        below: Any = SimpleNamespace(
            receive=lambda: inner.receive(ONE_READ),
            send=inner.send,
            aclose=inner.aclose,
            extra_attributes=inner.extra_attributes,
        )
        # Assigned only when ready: if the handshake is interrupted, the connection below is still there to be closed.
        self._stream = await _within(
            timeout,
            "Connect",
            TLSStream.wrap,
            below,
            ssl_context=ssl_context,
            hostname=server_hostname,
            standard_compatible=False,
        )
        self.tls = _attribute(self._stream, TLSAttribute.ssl_object)
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return wire.is_readable(self)
        return {"socket": self.socket, "ssl_object": self.tls}.get(info)


def _attribute(stream: Any, name: Any) -> Any:
    return stream.extra_attributes[name]()


class Backend(httpcore.AsyncNetworkBackend):
    """Opens these connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del local_address, socket_options  # httpcore passes no options of ours
        attempt = wire.current.get()
        attempt.step = "ConnectTimeout"
        stream = Stream(await _within(timeout, "Connect", anyio.connect_tcp, host, port))
        assert attempt.connection is not None
        attempt.connection.stream = stream
        return stream


class LoopConnections:
    """The connections of one client in one event loop."""

    def __init__(self) -> None:
        self.idle = deque[Connection]()
        self.slots = Slots(wire.MAX_CONNECTIONS)

    async def until_loop_ends(self) -> AsyncGenerator[None]:
        """Keep the connections until the event loop ends, which closes every pending generator."""
        try:
            yield
        finally:
            await self.close()

    async def close(self) -> None:
        """Close every idle connection, even if asyncio cancels the task: anyio's shield does not stop that."""
        try:
            while self.idle:
                await _close(self.idle.pop().stream)
        except BaseException:
            await self.close()
            raise

    async def take_idle(self, *, once: bool) -> Connection | None:
        """Return the most recently used idle connection, and close those that are too old or broken."""
        moment = now()
        while self.idle and moment - self.idle[0].since > wire.KEEPALIVE_EXPIRY:
            await _close(self.idle.popleft().stream)
        while self.idle and (not once or moment - self.idle[-1].since <= wire.KEEPALIVE_EXPIRY_ONCE):
            connection = self.idle.pop()
            if not wire.is_readable(connection.stream):
                return connection
            await _close(connection.stream)
        return None


_by_loop: RunVar[WeakKeyDictionary[Pool, tuple[AsyncGenerator[None], LoopConnections]]] = RunVar("blooio_connections")


class Pool:
    """The connections to one origin, separate for each event loop; replaces httpcore's pool.

    A connection belongs to the loop that opened it. In another one it can still send, but never read the response: the
    message would be sent, and the call would fail. httpcore's pool can leak connections of cancelled tasks, and slows
    down quadratically with the number of waiting calls.
    """

    def __init__(self, base_url: str) -> None:
        self._make = wire.connector_for(base_url, Backend(), is_async=True)
        self.is_closed = False

    async def of_this_loop(self) -> LoopConnections:
        """Return the connections of the running event loop; once closed, connections for a single attempt."""
        if self.is_closed:
            return LoopConnections()
        by_pool = _by_loop.get(None)
        if by_pool is None:
            by_pool = WeakKeyDictionary[Pool, tuple[AsyncGenerator[None], LoopConnections]]()
            _by_loop.set(by_pool)
        if self not in by_pool:
            local = LoopConnections()
            guard = local.until_loop_ends()
            by_pool[self] = guard, local
            await anext(guard)
        return by_pool[self][1]

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on an idle or a new connection: the interface that the transport expects of its pool."""
        attempt, local = wire.current.get(), await self.of_this_loop()
        attempt.step = "PoolTimeout"
        timeout: float | None = cast("Any", request).extensions["timeout"].get("pool")
        with anyio.CancelScope() if timeout is None else anyio.move_on_after(timeout):
            await local.slots.acquire()
            attempt.slots = local
        if attempt.slots is None:
            raise httpcore.PoolTimeout("all connections were in use")
        attempt.connection = connection = await local.take_idle(once=attempt.once) or Connection(
            self._make(request.url.origin)
        )
        response: httpcore.Response = await connection.http.handle_async_request(request)
        attempt.body = response.stream
        return response

    async def release(self, attempt: Attempt, *, is_read: bool) -> None:
        """End an attempt: keep its connection if it ended well, close it otherwise."""
        local: LoopConnections | None = attempt.slots
        if local is None:  # it never got a connection, or a mock responded
            return
        local.slots.release()
        connection = attempt.connection
        if connection is None or connection.stream is None:
            return
        is_kept = is_read and not self.is_closed and len(local.idle) < wire.MAX_KEEPALIVE
        if is_kept and wire.can_be_reused(attempt.body, connection.stream):
            connection.since = now()
            local.idle.append(connection)
        else:
            await _close(connection.stream)

    async def aclose(self) -> None:
        """Close this loop's idle connections; all others close when their call or their loop ends."""
        self.is_closed = True
        by_pool = _by_loop.get(None)
        if by_pool is not None and self in by_pool:
            await by_pool.pop(self)[0].aclose()


class RequestBody(httpx.AsyncByteStream):
    """The body of a request. Not a generator: trio warns about one that a cancelled send leaves unfinished."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._chunks = iter(stream)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return bytes(chunk)
        raise StopAsyncIteration


class Client(httpx.AsyncClient):
    """httpx's client without cookies, which cost a tenth of a send even if none are kept."""

    cookies: Any = NO_COOKIES


class AsyncConnections(BaseConnections):
    """The connections of a client, separate for each event loop; or the user's own HTTP client."""

    def __init__(self, base_url: str, client: httpx.AsyncClient | None) -> None:
        is_client = inspect.iscoroutinefunction(getattr(client, "send", None)) and not isinstance(client, type)
        if client is not None and not is_client:
            reject("http_client must be an async client such as httpx.AsyncClient; use Blooio with a sync one")
        super().__init__(base_url, client)
        self._ours: dict[str, tuple[Pool, httpx.AsyncClient]] = {}
        self._home: ref[Any] | None = None
        silence()
        after_fork(self._reset_after_fork)

    def _is_elsewhere(self) -> bool:
        loop = current_token().native_token
        if self._home is None:
            self._home = ref(loop)
        return self._home() is not loop

    async def attempt(self, request: Request, deadline: Deadline, *, once: bool) -> Outcome:
        """Send a request once.

        Args:
            request: What to send.
            deadline: When the call must have ended.
            once: Whether the request cannot be repeated; it then gets no connection that was idle for long.

        Raises:
            BaseException: Anything that did not come from the transport, such as a cancellation; unchanged.
        """
        attempt = Attempt(deadline, once=once)
        token = wire.current.set(attempt)
        try:
            with anyio.CancelScope() as scope:

                def end_after(seconds: float) -> None:
                    scope.deadline = anyio.current_time() + seconds

                attempt.on_start = end_after
                return await self._send(request, attempt)
        except BaseException as error:
            failure = exceptions.failure_of(error, attempt)
            if isinstance(failure, Failure):
                return failure
            exceptions.without_frames(failure)
            if failure is error:
                raise
            raise failure from failure.__cause__
        finally:
            # A connection keeps the context that it was opened in, and so this attempt: let go of all that it holds.
            attempt.handled = attempt.on_start = attempt.request = None
            attempt.connection = attempt.body = attempt.slots = None
            wire.current.reset(token)
        return exceptions.timed_out(attempt)

    async def _send(self, request: Request, attempt: Attempt) -> Response:
        client: Any = self._own
        base_url = request.server or self._base_url
        if client is None:
            pool, client = self._ours.get(base_url) or self._create(base_url)
            built = httpx.Request(**wire.arguments_of(base_url, request, attempt, is_ours=True))
            built.stream = RequestBody(built.stream)
        else:
            pool = None
            built = wire.request_of_own_client(client, wire.arguments_of(base_url, request, attempt, is_ours=False))
            attempt.request, built.extensions["trace"] = built, attempt.atrace
        is_read = False
        try:
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                if response.is_closed or response.is_stream_consumed:  # by a hook, or because a mock created it
                    return wire.already_read(response)
                headers = wire.headers_of(response.headers.raw)
                body = Body(WINDOWS.get(headers.get("content-encoding", "").strip().lower()))
                # The response's own iterators would release the connection when they end.
                chunks = aiter(response.stream)
                async for chunk in chunks:
                    if body.add(chunk):
                        # Cancelling closes the generators behind the loop in order; just leaving the loop would not.
                        with anyio.CancelScope() as cut:
                            cut.cancel()
                            await anext(chunks, b"")
                        break
                else:
                    is_read = True
                    if pool is None:
                        wire.close_if_followed(response)
            finally:
                await response.aclose()
        finally:
            if pool is not None:
                await pool.release(attempt, is_read=is_read)
        return Response(response.status_code, headers, b"".join(body.chunks))

    def _create(self, base_url: str) -> tuple[Pool, httpx.AsyncClient]:
        pool = Pool(base_url)
        transport = httpx.AsyncHTTPTransport(verify=tls_for(base_url))
        setattr(transport, wire.POOL, pool)
        client = Client(transport=transport, trust_env=False)
        # Threads that race here all get the first one: connections of another would never be closed.
        created = self._ours.setdefault(base_url, (pool, client))
        if self._is_closed:  # pragma: no cover - a race: closed by another thread meanwhile
            created[0].is_closed = True
        return created

    def _reset_after_fork(self) -> None:
        """Give up the user's own HTTP client in a child process; our connections end with their event loops."""
        self._is_foreign = True

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)

    async def aclose(self) -> None:
        """Reject new calls; calls in flight finish. The user's own HTTP client stays open."""
        self._is_closed = True
        for pool, _ in self._ours.values():
            await pool.aclose()
