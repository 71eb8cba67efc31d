"""Waiting, deadlines and transports for blocking code."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import httpcore

from blooio_overrides.arguments import refuse

from .._call.outcome import Outcome, Response
from .._call.request import Request
from .._call.retries import Deadline
from . import common
from .bodies import Body
from .building import Address, build_with, starts_at_once, wire_request
from .forks import begin_anew_after_forks
from .limits import Limits, limits_of
from .pools import pool_options
from .synchronous_network import Backend, Stream, attempt_limits

if TYPE_CHECKING:
    import httpx


@contextmanager
def shielded(seconds: float) -> Generator[None]:
    """Run to the end what must be run; here nothing can cancel it, and the call's own timeout bounds it."""
    del seconds
    yield


class Connections:
    """The connections of a client, made when first needed and again after a fork; or a user's own client."""

    def __init__(self, base_url: str, client: httpx.Client | None) -> None:
        if inspect.iscoroutinefunction(getattr(client, "send", None)):
            refuse("http_client is an asynchronous client; pass one such as httpx.Client, or use AsyncBlooio")
        self._base_url = base_url
        self._client = client
        self._lock = threading.RLock()
        self._address = Address.of(base_url)
        self._pool: httpcore.ConnectionPool | None = None
        self._streams: WeakSet[Stream] = WeakSet()
        self._is_foreign = False
        self._is_closed = False
        begin_anew_after_forks(self)

    def attempt(self, request: Request, deadline: Deadline) -> Outcome:
        """Send a request once; only exceptions that are not the transport's are raised."""
        if self._is_closed:
            refuse("this client is closed; make another one")
        limits = limits_of(deadline)
        token = attempt_limits.set(limits)
        try:
            if starts_at_once(request):
                limits.start()
            with common.QuietLogs():
                return self._response(request, limits)
        except BaseException as error:
            failure = common.failure_of(error)
            if failure is None:
                common.without_locals(error)
                self._leave_pool()
                raise
            return failure
        finally:
            attempt_limits.reset(token)

    def _leave_pool(self) -> None:
        """Have later calls make connections anew, after an interruption, which may have come anywhere.

        The pool may count the interrupted request among those under way for ever. Calls of other threads go on in it.
        """
        with self._lock:
            left, self._pool = self._pool, None
        for connection in [] if left is None else left.connections:
            if connection.is_idle():
                connection.close()

    def _response(self, request: Request, limits: Limits) -> Response:
        if self._client is not None:
            return self._through_own_client(self._client, request, limits)
        response = self._made().handle_request(wire_request(request, self._address, limits))
        return _read(response, response.status, response.headers, response.iter_stream(), limits)

    def _through_own_client(self, client: httpx.Client, request: Request, limits: Limits) -> Response:
        if self._is_foreign:
            refuse(
                "http_client was made before a fork; its connections are the parent's. Make the client after the fork"
            )
        built = build_with(client, self._base_url, request, limits)
        response = client.send(built, stream=True, follow_redirects=False)
        if common.is_over(response):
            response.close()
            return common.what_was_read(response)
        chunks: Any = response.stream  # the response's own iterators would end with closing it
        return _read(response, response.status_code, response.headers.raw, chunks, limits)

    def _made(self) -> httpcore.ConnectionPool:
        with self._lock:
            if self._pool is None:
                backend = Backend(httpcore.SyncBackend(), self._streams)
                self._pool = httpcore.ConnectionPool(network_backend=backend, **pool_options(self._base_url))
                _use_own_lock(self._pool)
            return self._pool

    def begin_anew(self) -> None:
        """Forget the parent's connections, in a child process."""
        # Closed one by one: the pool's own lock may have been held, for ever, by a thread that is not here any more.
        for stream in list(self._streams):
            stream.close()
        self._lock, self._pool, self._is_foreign = threading.RLock(), None, True

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def close(self) -> None:
        """Close the connections; a user's own client stays open."""
        self._is_closed = True
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None


def _use_own_lock(pool: Any) -> None:
    """Give a pool a lock of the interpreter: its own is Python code, and an interruption in there keeps it for ever."""
    pool._optional_thread_lock = threading.RLock()  # noqa: SLF001 - a test hangs, and fails, when this place moves


def _read(
    response: httpcore.Response | httpx.Response,
    status: int,
    raw_headers: list[tuple[bytes, bytes]],
    chunks: Iterable[bytes],
    limits: Limits,
) -> Response:
    """Read a response within its time, and give its connection back."""
    headers = common.headers_of(raw_headers)
    body = Body(headers.get("content-encoding", ""))
    try:
        for chunk in chunks:
            body.add(chunk)
            if body.is_full:
                break
            if (left := limits.left()) is not None and left <= 0:
                raise httpcore.ReadTimeout("the response took too long")
        common.give_up_if_followed(response)
    finally:
        response.close()
    return Response(status, headers, body.content())
