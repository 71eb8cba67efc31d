"""The wire for awaiting code, on any event loop: httpx's own client and transport, with a small pool of ours below."""

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

from blooio_overrides.arguments import refuse

from .._call.outcome import Failure, Outcome, Response
from .._call.request import Request
from .._call.retries import Deadline, now
from . import exceptions, wire
from .environment import tls_for
from .forks import begin_anew_after_forks
from .places import Places
from .silence import silence
from .wire import Attempt, BaseConnections, Body, Link, NoCookies

CLOSING_LIMIT: Final = 1.0
"""Seconds that a connection may take to close."""
ONE_READ: Final = 1 << 18
"""Bytes: as many as an event loop reads at once. With fewer, the rest would wait above the socket, unseen."""


@contextmanager
def shielded(seconds: float) -> Generator[None]:
    """Run to the end what must be run, even in a task that is being cancelled; for so many seconds at most."""
    with anyio.move_on_after(seconds, shield=True):
        yield


async def _close(stream: Any) -> None:
    """Close a connection; anyio lets go of the socket before it first waits, whatever cancels the waiting."""
    with anyio.move_on_after(CLOSING_LIMIT, shield=True):
        await stream.aclose()


async def _within(
    timeout: float | None, what: str, step: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any
) -> Any:
    """Take a step on a connection; what goes wrong becomes an exception of httpcore's, as the step is called there."""
    try:
        if timeout is None:
            return await step(*arguments, **named)
        with anyio.CancelScope(deadline=anyio.current_time() + timeout):
            return await step(*arguments, **named)
    except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError, UnicodeError) as error:
        if what == "Read" and isinstance(error, anyio.EndOfStream):
            return b""
        if exceptions.is_of_a_stranger(error):
            raise
        raise getattr(httpcore, f"{what}Error")(type(error).__name__) from error
    raise getattr(httpcore, f"{what}Timeout")("it took too long")


class Stream(httpcore.AsyncNetworkStream):
    """A connection, as anyio makes it."""

    def __init__(self, stream: anyio.abc.ByteStream) -> None:
        self._stream = stream
        self.socket = _attribute(stream, anyio.abc.SocketAttribute.raw_socket)
        self.tls: Any = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # TLS keeps the rest where it can be asked for; the event loop does not.
        size = ONE_READ if self.tls is None else max_bytes
        return bytes(await _within(timeout, "Read", self._stream.receive, size))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer:  # the end of a request is written as nothing
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
        # Assigned when it is ready: a handshake that is cut short leaves the connection below, which is then closed.
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
            return wire.has_more(self)
        return {"socket": self.socket, "ssl_object": self.tls}.get(info)


def _attribute(stream: Any, name: Any) -> Any:
    return stream.extra_attributes[name]()


class Backend(httpcore.AsyncNetworkBackend):
    """Makes such connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del local_address, socket_options  # httpcore passes none of ours
        attempt = wire.current.get()
        attempt.step = "ConnectTimeout"
        stream = Stream(await _within(timeout, "Connect", anyio.connect_tcp, host, port))
        assert attempt.link is not None
        attempt.link.stream = stream
        return stream


class Run:
    """The connections of one client in one event loop."""

    def __init__(self) -> None:
        self.idle = deque[Link]()
        self.places = Places(wire.MOST_CONNECTIONS)

    async def keep(self) -> AsyncGenerator[None]:
        """Keep the connections until the event loop ends, which closes every generator that still waits."""
        try:
            yield
        finally:
            await self.close()

    async def close(self) -> None:
        """Close what is idle, all of it: asyncio's own cancellation reaches into what anyio shields."""
        try:
            while self.idle:
                await _close(self.idle.pop().stream)
        except BaseException:
            await self.close()
            raise

    async def kept(self, *, once: bool) -> Link | None:
        """Take the idle connection that was used last, and close those that nobody should use any more."""
        moment = now()
        while self.idle and moment - self.idle[0].since > wire.LONGEST_IDLE:
            await _close(self.idle.popleft().stream)
        while self.idle and (not once or moment - self.idle[-1].since <= wire.LONGEST_IDLE_ONCE):
            link = self.idle.pop()
            if not wire.has_more(link.stream):
                return link
            await _close(link.stream)
        return None


_runs: RunVar[WeakKeyDictionary[Pool, tuple[AsyncGenerator[None], Run]]] = RunVar("blooio_runs")


class Pool:
    """The connections to one origin, in the place of httpcore's pool, in each event loop its own.

    A connection belongs to the loop that opened it. In another one it can still send, but never read the response: the
    message would be sent, and the call would fail. Httpcore's pool keeps what a cancelled task left, and takes time
    with the square of the calls that wait.
    """

    def __init__(self, base_url: str) -> None:
        self._make = wire.maker_of(base_url, Backend(), is_async=True)
        self.is_closed = False

    async def run(self) -> Run:
        """Return the connections of the event loop that runs; once closed, some that are used for one attempt."""
        if self.is_closed:
            return Run()
        runs = _runs.get(None)
        if runs is None:
            runs = WeakKeyDictionary[Pool, tuple[AsyncGenerator[None], Run]]()
            _runs.set(runs)
        if self not in runs:
            run = Run()
            keeper = run.keep()
            runs[self] = keeper, run
            await anext(keeper)
        return runs[self][1]

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on an idle connection, or on a new one; what the transport asks of its pool."""
        attempt, run = wire.current.get(), await self.run()
        attempt.step = "PoolTimeout"
        timeout: float | None = cast("Any", request).extensions["timeout"].get("pool")
        with anyio.CancelScope() if timeout is None else anyio.move_on_after(timeout):
            await run.places.take()
            attempt.places = run
        if attempt.places is None:
            raise httpcore.PoolTimeout("all connections were in use")
        attempt.link = link = await run.kept(once=attempt.once) or Link(self._make(request.url.origin))
        response: httpcore.Response = await link.http.handle_async_request(request)
        attempt.body = response.stream
        return response

    async def give_back(self, attempt: Attempt, *, is_read: bool) -> None:
        """End an attempt: keep its connection if it ended well, close it otherwise."""
        run: Run | None = attempt.places
        if run is None:  # it has come no further than to wait, or a mock has answered
            return
        run.places.give_back()
        link = attempt.link
        if link is None or link.stream is None:
            return
        is_kept = is_read and not self.is_closed and len(run.idle) < wire.MOST_IDLE
        if is_kept and wire.can_be_kept(attempt.body, link.stream):
            link.since = now()
            run.idle.append(link)
        else:
            await _close(link.stream)

    async def aclose(self) -> None:
        """Close what is idle; what is in use closes with its call, and what other event loops keep with them."""
        self.is_closed = True
        runs = _runs.get(None)
        if runs is not None and self in runs:
            await runs.pop(self)[0].aclose()


class Pieces(httpx.AsyncByteStream):
    """What a request sends, not as a generator: trio warns of one that a cancelled send leaves unfinished."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._pieces = iter(stream)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return bytes(piece)
        raise StopAsyncIteration


class AsyncConnections(BaseConnections):
    """The connections of a client, in each event loop its own; or a user's own client."""

    def __init__(self, base_url: str, client: httpx.AsyncClient | None) -> None:
        if client is not None and not inspect.iscoroutinefunction(getattr(client, "send", None)):
            refuse("http_client must be an async client such as httpx.AsyncClient; use Blooio with a sync one")
        super().__init__(base_url, client)
        self._ours: dict[str, tuple[Pool, httpx.AsyncClient]] = {}
        self._home: ref[Any] | None = None
        silence()
        begin_anew_after_forks(self)

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
            once: Whether the request cannot be repeated, so that it takes no connection that was idle for long.

        Raises:
            BaseException: What did not come from the transport, such as a cancellation; unchanged.
        """
        attempt = Attempt(deadline, once=once)
        token = wire.current.set(attempt)
        try:
            with anyio.CancelScope() as scope:

                def end_after(seconds: float) -> None:
                    scope.deadline = anyio.current_time() + seconds

                attempt.on_start = end_after
                return await self._sent(request, attempt)
        except BaseException as error:
            failure = exceptions.failure_of(error, attempt)
            if isinstance(failure, Failure):
                return failure
            exceptions.without_frames(failure)
            if failure is error:
                raise
            raise failure from failure.__cause__
        finally:
            attempt.on_start = None  # no ring is left for the collector
            wire.current.reset(token)
        return exceptions.timed_out(attempt)

    async def _sent(self, request: Request, attempt: Attempt) -> Response:
        client: Any = self._own
        if client is None:
            pool, client = self._ours.get("ours") or self._made()
            made = httpx.Request(**wire.arguments_of(self._base_url, request, attempt, is_ours=True))
            made.stream = Pieces(made.stream)
        else:
            pool, made = (
                None,
                client.build_request(**wire.arguments_of(self._base_url, request, attempt, is_ours=False)),
            )
        is_read = False
        try:
            response = await client.send(made, stream=True, follow_redirects=False)
            try:
                if response.is_closed or response.is_stream_consumed:  # by a hook, or because a mock made it up
                    return wire.what_was_read(response)
                headers = wire.headers_of(response.headers.raw)
                body = Body(headers.get("content-encoding", ""))
                # The iterators of the response itself would give the connection back when they end.
                pieces = aiter(response.stream)
                async for chunk in pieces:
                    if body.add(chunk):
                        # Cancelling ends the generators behind the loop in order; leaving it alone would not.
                        with anyio.CancelScope() as cut:
                            cut.cancel()
                            await anext(pieces, b"")
                        break
                else:
                    is_read = True
                    if pool is None:
                        wire.give_up_if_followed(response)
            finally:
                await response.aclose()
        finally:
            if pool is not None:
                await pool.give_back(attempt, is_read=is_read)
        return Response(response.status_code, headers, b"".join(body.chunks))

    def _made(self) -> tuple[Pool, httpx.AsyncClient]:
        pool = Pool(self._base_url)
        transport = httpx.AsyncHTTPTransport(verify=tls_for(self._base_url))
        setattr(transport, wire.POOL, pool)
        client = httpx.AsyncClient(transport=transport, trust_env=False, cookies=NoCookies())
        # Threads that come here at once all get the first: another's idle connections would never be closed.
        made = self._ours.setdefault("ours", (pool, client))
        if self._is_closed:  # pragma: no cover - a race: closed by another thread meanwhile
            made[0].is_closed = True
        return made

    def begin_anew(self) -> None:
        """Give up a user's own client, in a child process; our connections belong to event loops, which end with it."""
        self._is_foreign = True

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)

    async def aclose(self) -> None:
        """Refuse new calls; those under way come to their end. A user's own client stays open."""
        self._is_closed = True
        for pool, _ in self._ours.values():
            await pool.aclose()
