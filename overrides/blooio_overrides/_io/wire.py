"""What the sync and the async path to the wire share: one attempt, its request, and what its end means."""

from __future__ import annotations

import logging
import re
import select
import ssl
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any, Final

import h11
import httpcore

from .._call.outcome import Failure, Response
from .._call.request import Request
from .._call.retries import KEPT_BACK, Deadline, now
from ..errors import BlooioError, ClientStateError
from .bodies import BrokenUpload, multipart
from .environment import environment_proxy, tls_for

MOST_CONNECTIONS: Final = 250
"""Calls that have a connection at once; the others wait. Three clients stay below 1,024 files, a common limit."""
MOST_IDLE: Final = 100
LONGEST_IDLE: Final = 4.0
"""Seconds that an idle connection is kept: less than the 5 after which common servers close it."""
LONGEST_IDLE_ONCE: Final = 1.0
"""The same where the request cannot be repeated, so that it does not meet a server that is just closing."""
CONNECT_LIMIT: Final = 5.0

current: ContextVar[Attempt | None] = ContextVar("blooio_attempt", default=None)
"""The attempt that is under way."""


class Link:
    """A connection: what speaks HTTP on it, the stream below, and since when it is idle."""

    __slots__ = ("http", "since", "stream")

    def __init__(self, http: Any) -> None:
        self.http = http
        self.stream: Any = None
        self.since = 0.0


class Attempt:
    """One attempt of a call: how long it may take, how far it has come, and the connection it uses."""

    __slots__ = ("body", "deadline", "ends_at", "handled", "link", "on_start", "once", "places", "step")

    def __init__(self, deadline: Deadline, *, once: bool) -> None:
        self.deadline = deadline
        self.once = once
        """Whether the request cannot be repeated."""
        self.handled = sys.exception()
        """What the caller was handling before: it is the context of whatever is raised here, and no part of it."""
        self.ends_at: float | None = None
        self.on_start: Callable[[float], None] | None = None
        """Called when the time begins to run, with the seconds that there are."""
        self.step: str | None = None
        """The exception that running out of time stands for, while nothing of the request has left."""
        self.link: Link | None = None
        self.body: Any = None
        """The body of the response, as httpcore reads it."""
        self.places: Any = None
        """Where the attempt took its place among those that have a connection."""

    def start(self) -> None:
        """Let the time run."""
        self.deadline.start()
        seconds = self.deadline.of_attempt()
        if seconds is not None:
            self.ends_at = now() + seconds
            if self.on_start is not None:
                self.on_start(seconds)

    def within(self, timeout: float | None, expired: type[Exception]) -> float | None:
        """Return the shorter of a timeout and the time left; raise if there is none left."""
        if self.ends_at is None:
            return timeout
        left = self.ends_at - now()
        if left <= 0:
            raise expired("no time is left")
        return left if timeout is None or timeout > left else timeout

    def writes(self, buffer: bytes) -> None:
        """Note that bytes are about to leave: those of the request, unless they only greet a proxy."""
        if self.step is not None and not buffer.startswith((b"CONNECT ", b"\x05", b"\x01")):
            self.step = None


def running() -> Attempt:
    """Return the attempt that is under way."""
    attempt = current.get()
    assert attempt is not None
    return attempt


def timeouts_of(deadline: Deadline, *, is_ours: bool) -> dict[str, float | None]:
    """Return the limits of the phases of an attempt; on our own connections, reads and writes end with it anyway."""
    if deadline.phases is not None:
        return deadline.phases.as_dict()
    seconds = deadline.of_attempt()
    # Connecting ends a little before the attempt does, so that a request that never left is known as such.
    connect = CONNECT_LIMIT if seconds is None else min(CONNECT_LIMIT, seconds * (1 - KEPT_BACK))
    return {"connect": connect} if is_ours else {"connect": connect, "read": seconds, "write": seconds, "pool": seconds}


def arguments_of(base_url: str, request: Request, attempt: Attempt, *, is_ours: bool) -> dict[str, Any]:
    """Return what `httpx.Request`, or `build_request` of a user's own client, is called with."""
    files = (request.files or {}).values()
    if all(isinstance(file.payload, bytes) for file in files):  # of an upload, the time runs from its last byte on
        attempt.start()
    return {
        "method": request.method,
        "url": base_url + request.target,
        "headers": request.all_headers(),
        "content": request.content,
        "files": multipart(request, attempt.start),
        "extensions": {"timeout": timeouts_of(attempt.deadline, is_ours=is_ours)},
    }


def timeout_for_a_place(request: Any) -> float | None:
    """Return how long a request may wait for a connection."""
    timeout: float | None = request.extensions["timeout"].get("pool")
    return timeout


def maker_of(base_url: str, backend: Any, *, is_async: bool) -> Callable[[httpcore.Origin], Any]:
    """Return what makes a connection: directly, or through the proxy that the environment names.

    To a proxy there leads a pool of one: only pools know how to speak with proxies.
    """
    context, proxy = tls_for(base_url), environment_proxy(base_url)
    direct = httpcore.AsyncHTTPConnection if is_async else httpcore.HTTPConnection
    pool = httpcore.AsyncConnectionPool if is_async else httpcore.ConnectionPool

    def make(origin: httpcore.Origin) -> Any:
        if proxy is None:
            return direct(origin, ssl_context=context, network_backend=backend)
        return pool(proxy=proxy, ssl_context=context, network_backend=backend, max_connections=1)

    return make


class NoCookies(CookieJar):
    """A jar that stays empty: no response changes later requests."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Take nothing."""


def check_state(client: Any, *, is_closed: bool, is_foreign: bool, is_elsewhere: bool = False) -> None:
    """Refuse a new call where none can be sent.

    Raises:
        ClientStateError: The client is closed, or its `http_client` is unusable here.
    """
    if is_closed:
        raise ClientStateError("this client is closed; create another one")
    if client is None:
        return
    if is_foreign:
        raise ClientStateError(
            "http_client was created before a fork, and its connections belong to the parent; create it after the fork"
        )
    if is_elsewhere:
        raise ClientStateError(
            "http_client was used in another event loop, where its connections are; "
            "create one AsyncBlooio per loop, or leave http_client out"
        )
    if getattr(client, "is_closed", False):
        raise ClientStateError("http_client is closed; create another one")


def has_more(stream: Any) -> bool:
    """Whether an idle connection was closed by the server, or holds bytes nobody asked for."""
    socket, tls = stream.get_extra_info("socket"), stream.get_extra_info("ssl_object")
    descriptor = socket.fileno()
    if descriptor < 0:
        return True
    if tls is not None:  # what was decrypted already, or waits in memory, does not show at the socket
        try:
            if tls.pending():
                return True
            if isinstance(tls, ssl.SSLObject):
                tls.read(1)  # raises unless there is something, or the end
                return True
        except ssl.SSLWantReadError:
            pass
        except OSError:  # pragma: no cover - an alert of TLS that breaks the connection while it is idle
            return True
    return is_readable(descriptor)


if hasattr(select, "poll"):

    def is_readable(descriptor: int) -> bool:
        """Whether reading would return at once."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))

else:  # pragma: no cover - on Windows

    def is_readable(descriptor: int) -> bool:
        """Whether reading would return at once."""
        return bool(select.select([descriptor], [], [], 0)[0])


def can_be_kept(body: Any, stream: Any) -> bool:
    """Whether a connection can take another request: all was sent and read, and nothing came after the response."""
    reader = reader_behind(body)
    return reader is not None and reader.our_state is h11.IDLE and not reader.trailing_data[0] and not has_more(stream)


def give_up_if_followed(response: Any) -> None:
    """Let the connection of a user's own client end with its response if more bytes came than belong to it."""
    reader = reader_behind(response.stream)
    if reader is not None and reader.trailing_data[0]:
        reader.send_failed()  # what has failed is not used again


# The names of httpx and httpcore that are not public: these, and "_pool", the pool of a transport. A test fails when
# one moves. They lead from the body of a response to what reads HTTP, which alone knows what came after a response.
POOL: Final = "_pool"
_INNER: Final = ("_stream", "_connection", "_h11_state")


def reader_behind(stream: Any) -> Any:
    """Return the reader of HTTP below the body of a response; None where there is none, as below a mock."""
    for _ in range(8):  # it is at most five streams down; a stranger's stream may contain itself
        inner = next((found for name in _INNER if (found := getattr(stream, name, None)) is not None), None)
        if inner is None:
            if hasattr(stream, "trailing_data"):
                return stream
            values = list(getattr(stream, "__dict__", {}).values())
            if len(values) != 1:  # httpx keeps httpcore's stream as the only attribute of its own
                return None
            (inner,) = values
        stream = inner
    return None


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of a response with lowercase names; the values of a repeated name are joined."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def is_over(response: Any) -> bool:
    """Whether a response was read or closed before us: by a hook, or because a mock made it up."""
    return bool(response.is_closed or response.is_stream_consumed)


def what_was_read(response: Any) -> Response:
    """Return a response that was read before us; without a body if nothing of it was kept."""
    try:
        body: bytes = response.content
    except RuntimeError:  # httpx's, and that of whatever has its interface
        body = b""
    return Response(response.status_code, headers_of(response.headers.raw), body)


# ---- What exceptions mean ---------------------------------------------------------------------------------------

_HTTP: Final = frozenset(
    {"blooio_overrides", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "socksio", "anyio"}
)
_SENDING: Final = (_HTTP | sys.stdlib_module_names | {"sniffio", "trio", "outcome", "uvloop", "gevent", "certifi"}) | {
    "opentelemetry",
    "sentry_sdk",
    "wrapt",
}
"""The packages through which a request goes to the socket, and those that commonly watch it."""
_NEVER_SENT: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_REASONS: Final = {
    "ConnectError": "the connection failed",
    "ConnectTimeout": "connecting took too long",
    "PoolTimeout": "all connections were in use for too long",
    "ProxyError": "the proxy refused the connection",
    "ReadTimeout": "the response took too long",
    "WriteTimeout": "sending took too long",
}
# Bytes that an exception quotes: of a response that cannot be read, or of a header that cannot be sent.
_QUOTED: Final = re.compile(r"(?:bytearray\()?\bb['\"].*", re.DOTALL)


def failure_of(raised: BaseException, attempt: Attempt) -> Failure | BaseException:
    """Return what an exception of the transport means; or the exception that passes, if it came from elsewhere.

    Those of httpx are known by their names: a user's own client may be of any package with httpx's interface.
    """
    error = stranger_behind(raised, attempt)
    if isinstance(error, BrokenUpload):
        return Failure(str(error), sent=_sent(attempt), timed_out=False)
    names = [kind.__name__ for kind in type(error).__mro__]
    if "TransportError" in names:
        return Failure(
            next((_REASONS[name] for name in names if name in _REASONS), "the connection broke"),
            sent=_sent(attempt) if _NEVER_SENT.isdisjoint(names) else False,
            timed_out="TimeoutException" in names,
            cause=without_traces(error),
        )
    if not isinstance(error, Exception) or isinstance(error, BlooioError | MemoryError | RecursionError):
        return error
    # Whatever else comes out of the transport alone is its own fault: http.cookiejar stumbles over headers, for one.
    frames = _frames(error.__traceback__)
    if len(frames) < 2 or not all(_package(each) in _SENDING for each in frames):  # noqa: PLR2004 - the first is ours
        return error
    return Failure(f"the transport failed ({type(error).__name__})", sent=_sent(attempt), timed_out=False)


def timed_out(attempt: Attempt) -> Failure:
    """Return the failure of an attempt that ran out of time."""
    return Failure(_REASONS[attempt.step or "ReadTimeout"], sent=_sent(attempt), timed_out=True)


def _sent(attempt: Attempt) -> bool | None:
    return None if attempt.step is None else False


def stranger_behind(error: BaseException, attempt: Attempt) -> BaseException:
    """Return what a signal handler raised inside the transport, if the transport took it for its own; else the error.

    A TimeoutError of a handler looks like one of the socket; but the socket's does not come out of somebody's function.
    """
    inner: BaseException | None = error
    while inner is not None and type(inner).__module__.partition(".")[0] in _HTTP:
        frames = _frames(inner.__traceback__)
        if not frames or _package(frames[-1]) not in _HTTP:
            return error  # raised on purpose, by a hook or a transport of the user's
        inner = inner.__cause__ or inner.__context__  # httpcore's pool raises "from None"
    is_strange = inner is not None and inner is not attempt.handled and is_of_a_stranger(inner)
    return inner if inner is not None and is_strange else error


def is_of_a_stranger(error: BaseException) -> bool:
    """Whether an exception was raised by a function that is not part of what sends."""
    frames = _frames(error.__traceback__)
    return bool(frames) and _package(frames[-1]) not in _SENDING


def without_traces(error: BaseException) -> BaseException:
    """Drop what an exception and all behind it hold of a request: their tracebacks, requests, and quotations."""
    for each in _chain(error):
        each.__traceback__ = None
        each.args = tuple(_QUOTED.sub("…", arg) if isinstance(arg, str) else arg for arg in each.args)
        vars(each).pop("_request", None)  # as httpx's have, with its headers
    return error


def without_frames(error: BaseException) -> None:
    """Take the frames of what sent a request out of an exception's tracebacks: their local variables hold the API key.

    Other frames, such as those of a user's own hooks, are left as they are, and so is the exception itself.
    """
    for each in _chain(error):
        kept: list[TracebackType] = []
        trace = each.__traceback__
        while trace is not None:
            package = _package(trace.tb_frame)
            # Below a function of the user's, what the standard library does is done for that function.
            if package in _HTTP or (package in _SENDING and not kept):
                with suppress(RuntimeError):  # it is still running
                    trace.tb_frame.clear()
            else:
                kept.append(trace)
            trace = trace.tb_next
        for index, trace in enumerate(kept):
            trace.tb_next = kept[index + 1] if index + 1 < len(kept) else None
        each.__traceback__ = kept[0] if kept else None
        vars(each).pop("_request", None)


def _chain(error: BaseException) -> list[BaseException]:
    known: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in known:  # careless transports make rings of them
            known[id(each)] = each
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return list(known.values())


def _frames(trace: TracebackType | None) -> list[Any]:
    frames: list[Any] = []
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _package(frame: Any) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]


# ---- Silence ----------------------------------------------------------------------------------------------------

# What tells the URL of a request, or each of its headers.
_TELLING: Final = ("httpx", "httpx2", "hpack", "hpack.hpack", "hpack.table")
# What tells the headers of the response, what could not be read, and passwords of proxies.
_STEPPING: Final = tuple(
    f"{package}.{name}"
    for package in ("httpcore", "httpcore2")
    for name in ("connection", "http11", "http2", "proxy", "socks")
)


def _keep_quiet(record: logging.LogRecord) -> bool:
    """Drop a record of a request of ours."""
    del record
    return current.get() is None


def _name_the_step(record: logging.LogRecord) -> bool:
    """Leave of a record of a request of ours the name of the step."""
    if current.get() is not None:
        record.msg, record.args = record.getMessage().partition(" ")[0], None
    return True


@cache
def silence() -> None:
    """Keep what sends our requests from logging what is in them; elsewhere it logs as ever."""
    for name in _TELLING:
        logging.getLogger(name).addFilter(_keep_quiet)
    for name in _STEPPING:
        logging.getLogger(name).addFilter(_name_the_step)
