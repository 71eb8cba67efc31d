"""Waiting, deadlines and transports for awaiting code, on any event loop."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary, ref

import anyio
import httpcore
from anyio.lowlevel import RunVar, current_token

from blooio_overrides.arguments import refuse

from .._call.outcome import Outcome, Response
from .._call.request import Request
from .._call.retries import Deadline
from . import common
from .asynchronous_network import Backend, attempt_limits
from .bodies import Body
from .building import Address, build_with, starts_at_once, wire_request
from .forks import begin_anew_after_forks
from .limits import Limits, limits_of
from .pools import pool_options

if TYPE_CHECKING:
    import httpx


@contextmanager
def shielded(seconds: float) -> Generator[None]:
    """Run to the end what must be run, even in a task that is being cancelled; for so many seconds at most."""
    with anyio.move_on_after(seconds, shield=True):
        yield


class AsyncConnections:
    """The connections of a client: a pool of its own for each event loop; or a user's own client.

    A connection belongs to the loop that opened it. In another one it can still send, but never read the response:
    the message would be sent, and the call would fail.
    """

    def __init__(self, base_url: str, client: httpx.AsyncClient | None) -> None:
        if client is not None and not inspect.iscoroutinefunction(getattr(client, "send", None)):
            refuse("http_client is not an asynchronous client; pass one such as httpx.AsyncClient, or use Blooio")
        self._base_url = base_url
        self._address = Address.of(base_url)
        self._client = client
        self._home: ref[Any] | None = None
        self._is_foreign = False
        self._is_closed = False
        begin_anew_after_forks(self)

    async def attempt(self, request: Request, deadline: Deadline) -> Outcome:
        """Send a request once; only exceptions that are not the transport's are raised."""
        if self._is_closed:
            refuse("this client is closed; make another one")
        limits = limits_of(deadline)
        token = attempt_limits.set(limits)
        try:
            with common.QuietLogs(), anyio.CancelScope() as scope:
                _arm(scope, request, limits)
                return await self._response(request, limits)
        except BaseException as error:
            failure = common.failure_of(error)
            if failure is None:
                common.without_locals(error)
                raise
            return failure
        finally:
            attempt_limits.reset(token)
        return common.timed_out(is_connecting=limits.is_connecting)

    async def _response(self, request: Request, limits: Limits) -> Response:
        if self._client is not None:
            return await self._through_own_client(self._client, request, limits)
        pool = await self._of_this_run()
        built = wire_request(request, self._address, limits)
        built.stream = _Pieces(built.stream)
        response = await pool.handle_async_request(built)
        return await _read(response, response.status, response.headers, response.aiter_stream())

    async def _through_own_client(self, client: httpx.AsyncClient, request: Request, limits: Limits) -> Response:
        self._refuse_another_home()
        built = build_with(client, self._base_url, request, limits)
        response = await client.send(built, stream=True, follow_redirects=False)
        if common.is_over(response):
            await response.aclose()
            return common.what_was_read(response)
        chunks: Any = response.stream  # the response's own iterators would end with closing it
        return await _read(response, response.status_code, response.headers.raw, chunks)

    def _refuse_another_home(self) -> None:
        if self._is_foreign:
            refuse(
                "http_client was made before a fork; its connections are the parent's. Make the client after the fork"
            )
        loop = current_token().native_token
        if self._home is None:
            self._home = ref(loop)
        if self._home() is not loop:
            refuse(
                "http_client was used in another event loop, where its connections are; "
                "make one AsyncBlooio per loop, or leave http_client out"
            )

    def begin_anew(self) -> None:
        """Give up a user's own client, in a child process; our connections belong to event loops, which end with it."""
        self._is_foreign = True

    async def _of_this_run(self) -> httpcore.AsyncConnectionPool:
        kept = _kept_in_this_run()
        if self not in kept:
            keeper = _keep(httpcore.AsyncConnectionPool(network_backend=Backend(), **pool_options(self._base_url)))
            kept[self] = keeper, await anext(keeper)
        return kept[self][1]

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)

    async def aclose(self) -> None:
        """Close the connections; those of other event loops close when their loops end."""
        self._is_closed = True
        kept = _kept_in_this_run().pop(self, None)
        if kept is not None:
            await kept[0].aclose()


class _Pieces:
    """What a request has to send, as no generator: trio warns of one that a cancelled send leaves unfinished."""

    def __init__(self, stream: Any) -> None:
        self._pieces = iter(stream)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return bytes(piece)
        raise StopAsyncIteration


def _arm(scope: anyio.CancelScope, request: Request, limits: Limits) -> None:
    """Let the time of an attempt run: at once, or for an upload when its last byte was sent."""

    def end_after(seconds: float) -> None:
        scope.deadline = anyio.current_time() + seconds

    limits.on_start = end_after
    if starts_at_once(request):
        limits.start()


async def _read(
    response: httpcore.Response | httpx.Response,
    status: int,
    raw_headers: list[tuple[bytes, bytes]],
    chunks: AsyncIterable[bytes],
) -> Response:
    """Read a response, and give its connection back."""
    headers = common.headers_of(raw_headers)
    body = Body(headers.get("content-encoding", ""))
    try:
        pieces = aiter(chunks)
        async for chunk in pieces:
            body.add(chunk)
            if body.is_full:
                # Cancelling ends the generators behind the loop in order; leaving it would leave them to the collector.
                with anyio.CancelScope() as cut:
                    cut.cancel()
                    await anext(pieces, b"")
        common.give_up_if_followed(response)
    finally:
        await response.aclose()
    return Response(status, headers, body.content())


Keeper = AsyncGenerator[httpcore.AsyncConnectionPool, None]
_kept: RunVar[WeakKeyDictionary[AsyncConnections, tuple[Keeper, httpcore.AsyncConnectionPool]]] = RunVar(
    "blooio_connections"
)


def _kept_in_this_run() -> WeakKeyDictionary[AsyncConnections, tuple[Keeper, httpcore.AsyncConnectionPool]]:
    try:
        return _kept.get()
    except LookupError:
        kept: WeakKeyDictionary[AsyncConnections, tuple[Keeper, httpcore.AsyncConnectionPool]] = WeakKeyDictionary()
        _kept.set(kept)
        return kept


async def _keep(pool: httpcore.AsyncConnectionPool) -> Keeper:
    """Keep a pool until the event loop ends, which closes every generator that still waits."""
    try:
        yield pool
    finally:
        await pool.aclose()
