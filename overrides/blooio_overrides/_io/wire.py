"""What the sync and the async wire share: one attempt, its request, and its response."""

from __future__ import annotations

import os
import select
import ssl
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Final

import attrs
import h11
import httpcore
import httpx

from .. import silence
from .._call.outcome import Response
from .._call.request import Request
from .._call.retries import RESERVED_SHARE, Deadline, now
from ..errors import ClientStateError
from .environment import environment_proxy, tls_for
from .uploads import multipart

MAX_CONNECTIONS: Final = 250
"""The most connections at once; further calls wait. Three clients stay below 1,024 open files, a common limit."""
MAX_KEEPALIVE: Final = 100
KEEPALIVE_EXPIRY: Final = 4.0
"""Seconds to keep an idle connection: less than the 5 after which common servers close it."""
KEEPALIVE_EXPIRY_ONCE: Final = 1.0
"""The same for a request that cannot be repeated, so it does not race with a server that is closing."""
CONNECT_LIMIT: Final = 5.0

GREETINGS: Final = (b"CONNECT ", b"\x05", b"\x01")
"""A proxy handshake starts with these bytes; nothing of the request has left at that point."""

current: ContextVar[Attempt] = silence.request
"""The attempt in progress."""


class Connection:
    """A connection: its HTTP layer, the stream below, and when it became idle."""

    __slots__ = ("http", "since", "stream")

    def __init__(self, http: Any) -> None:
        self.http = http
        self.stream: Any = None
        self.since = 0.0


@attrs.define(eq=False, repr=False)
class Attempt:
    """One attempt of a call: how long it may take, how far it has come, and the connection it uses."""

    deadline: Deadline
    once: bool = attrs.field(kw_only=True)
    """Whether the request cannot be repeated."""
    handled: BaseException | None = attrs.field(factory=sys.exception, init=False)
    """The exception that the caller was already handling: the context of anything raised here, but unrelated."""
    ends_at: float | None = attrs.field(default=None, init=False)
    on_start: Callable[[float], None] | None = attrs.field(default=None, init=False)
    """Called when the time starts, with the seconds available."""
    step: str | None = attrs.field(default=None, init=False)
    """The exception to raise for a timeout while nothing of the request has left."""
    connection: Connection | None = attrs.field(default=None, init=False)
    body: Any = attrs.field(default=None, init=False)
    """The body of the response, as httpcore reads it."""
    slots: Any = attrs.field(default=None, init=False)
    """Where the attempt took its slot; None if it has none."""
    request: Any = attrs.field(default=None, init=False, repr=False)
    """The request that the user's own client sends."""
    has_left: bool = attrs.field(default=False, init=False)
    """Whether the user's own client has begun to write the request. If its transport retries, only the last failure is
    known here, and that one may be a refused connection."""

    def start(self) -> float | None:
        """Start the time, and return the seconds available."""
        seconds = self.deadline.of_attempt(begins=True)
        if seconds is not None:
            self.ends_at = now() + seconds
            if self.on_start is not None:
                self.on_start(seconds)
        return seconds

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow httpcore's trace in the user's own client; the CONNECT request of a tunnel is not the call's."""
        if event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            self.has_left = True
            info["request"].extensions.pop("trace", None)  # the rest of the trace would only cost time

    async def atrace(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow the trace in an async client."""
        self.trace(event, info)

    def within(self, timeout: float | None, expired: type[Exception]) -> float | None:
        """Return the shorter of a timeout and the time left; raise if there is none left."""
        if self.ends_at is None:
            return timeout
        left = self.ends_at - now()
        if left <= 0:
            raise expired("no time is left")
        return left if timeout is None or timeout > left else timeout


def arguments_of(base_url: str, request: Request, attempt: Attempt, *, is_ours: bool) -> dict[str, Any]:
    """Return the arguments for `httpx.Request`, or for `build_request` of the user's own client."""
    deadline, files = attempt.deadline, request.files
    # For an upload, time starts at its last byte.
    is_upload = files is not None and not all(isinstance(file.payload, bytes) for file in files.values())
    seconds = deadline.of_attempt() if is_upload else attempt.start()
    if deadline.phases is not None:
        timeouts = deadline.phases.as_dict()
    else:
        # Connecting times out slightly before the attempt, so a request that never left is reported as such.
        timeouts = {"connect": CONNECT_LIMIT if seconds is None else min(CONNECT_LIMIT, seconds * (1 - RESERVED_SHARE))}
        # On our own connections, the attempt limits reads and writes; but a server that stops reading an upload would
        # keep the attempt from starting.
        if is_upload or not is_ours:
            timeouts |= {"read": seconds, "write": seconds, "pool": seconds}
    return {
        "method": request.method,
        "url": base_url + request.target,
        "headers": dict(request.headers.reveal()),
        "content": request.content,
        "files": None if files is None else multipart(files, attempt.start),
        "extensions": {"timeout": timeouts},
    }


def connector_for(base_url: str, backend: Any, *, is_async: bool) -> Callable[[httpcore.Origin], Any]:
    """Return a function that opens a connection, directly or through the configured proxy.

    A proxied connection is an httpcore pool of size one, since only pools implement proxies.
    """
    context, proxy = tls_for(base_url), environment_proxy(base_url)
    direct = httpcore.AsyncHTTPConnection if is_async else httpcore.HTTPConnection
    pool = httpcore.AsyncConnectionPool if is_async else httpcore.ConnectionPool

    def make(origin: httpcore.Origin) -> Any:
        if proxy is None:
            return direct(origin, ssl_context=context, network_backend=backend)
        return pool(proxy=proxy, ssl_context=context, network_backend=backend, max_connections=1)

    return make


def request_of_own_client(client: Any, arguments: dict[str, Any]) -> Any:
    """Have the user's own client build a request, then replace its headers with ours of the same names.

    Ours are set together: `build_request` would replace them one by one, which costs a twentieth of a send.
    """
    ours = {name.encode(): value.encode() for name, value in arguments.pop("headers").items()}
    if arguments["files"] is not None:  # else a Content-Type that the client always sends would take its place
        ours.setdefault(b"content-type", f"multipart/form-data; boundary={os.urandom(16).hex()}".encode())
    # It reads the boundary of an upload from the content type.
    content_type = [(b"content-type", ours.pop(b"content-type"))] if b"content-type" in ours else None
    if getattr(client, "params", None):  # which replace a query in the URL
        arguments["url"], _, arguments["params"] = arguments["url"].partition("?")
    made = client.build_request(**arguments, headers=content_type)
    kept = [header for header in made.headers.raw if header[0].lower() not in ours]
    made.headers = type(made.headers)([*kept, *ours.items()])
    return made


class BaseConnections:
    """The connections of a client, or the user's own HTTP client, and whether a call can be sent."""

    def __init__(self, base_url: str, client: Any) -> None:
        self._base_url = base_url
        self._own = client
        self._is_closed = False
        self._is_foreign = False

    def check(self) -> None:
        """Reject a new call if it cannot be sent.

        Raises:
            ClientStateError: The client is closed, or its `http_client` is unusable here.
        """
        if self._is_closed:
            raise ClientStateError("this client is closed; create a new one")
        if self._own is None:
            return
        if self._is_foreign:
            raise ClientStateError(
                "http_client was created before a fork, and its connections belong to the parent; "
                "create it after the fork"
            )
        if self._is_elsewhere():
            raise ClientStateError(
                "http_client was used in another event loop, which its connections belong to; "
                "create one AsyncBlooio per loop, or leave http_client out"
            )
        if getattr(self._own, "is_closed", False):
            raise ClientStateError("http_client is closed; create a new one")

    def _is_elsewhere(self) -> bool:
        """Whether the connections belong to another event loop; threads can share those of sync clients."""
        return False


class NoCookies(httpx.Cookies):
    """Cookies that stay empty: no response changes later requests."""

    def extract_cookies(self, response: object) -> None:
        """Ignore the cookies of a response."""


NO_COOKIES: Final = NoCookies()


def is_readable(stream: Any) -> bool:
    """Whether an idle connection was closed by the server or has received unsolicited bytes."""
    descriptor, tls = stream.socket.fileno(), stream.tls
    if isinstance(tls, ssl.SSLObject):  # bytes buffered in memory do not make the socket readable
        try:
            tls.read(1)  # raises unless there are bytes or the connection has ended
        except ssl.SSLWantReadError:
            pass
        except OSError:  # pragma: no cover - a TLS alert on an idle connection
            return True
        else:
            return True
    is_ready = descriptor < 0 or (tls is not None and tls.pending() > 0)
    if not is_ready:  # pragma: no branch - no test can make it ready earlier
        if not hasattr(select, "poll"):  # pragma: no cover - on Windows
            return bool(select.select([descriptor], [], [], 0)[0])
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        is_ready = bool(poll.poll(0))
    return is_ready


def can_be_reused(body: Any, stream: Any) -> bool:
    """Whether a connection can be reused: everything was sent and read, and nothing followed the response."""
    parser = parser_behind(body)
    return (
        parser is not None and parser.our_state is h11.IDLE and not parser.trailing_data[0] and not is_readable(stream)
    )


def close_if_followed(response: Any) -> None:
    """Close the connection of the user's own client after its response if extra bytes followed it."""
    parser = parser_behind(response.stream)
    if parser is not None and parser.trailing_data[0]:
        parser.send_failed()  # a failed connection is not reused


# The private names of httpx and httpcore that we use: these, and "_pool", the pool of a transport. A test fails if
# one moves. They lead from a response's body to the HTTP parser, which alone knows what followed the response.
POOL: Final = "_pool"
_STREAM: Final = "_stream"
_CONNECTION: Final = "_connection"
_PARSER: Final = "_h11_state"


def parser_behind(stream: Any) -> Any:
    """Return the HTTP parser behind the body of a response; None if there is none, as with a mock."""
    for _ in range(8):  # at most five streams are nested; a stream of someone else's may contain itself
        inner = getattr(stream, _STREAM, None) or getattr(stream, _CONNECTION, None) or getattr(stream, _PARSER, None)
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


def already_read(response: Any) -> Response:
    """Return a response that was already read; without a body if it was not kept."""
    try:
        body: bytes = response.content
    except RuntimeError:  # httpx's, or that of a package with its interface
        body = b""
    return Response(response.status_code, headers_of(response.headers.raw), body)


MAX_BODY: Final = 64 * 1024 * 1024
"""The most bytes to read, decompressed; a truncated body is not valid JSON."""

WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""The argument of `zlib.decompressobj` for each content encoding that is decompressed."""


@attrs.define(eq=False, repr=False)
class Body:
    """The body of a response as it arrives.

    The client decompresses it with a size limit, since a few kilobytes can expand to any size.
    """

    window: int | None
    """How it is compressed, one of `WINDOWS`; None if it is not."""
    chunks: list[bytes] = attrs.field(factory=list[bytes], init=False)
    """The bytes received, decompressed."""
    _size: int = attrs.field(default=0, init=False)
    _decompressor: Any = attrs.field(default=None, init=False)

    def add(self, chunk: bytes) -> bool:
        """Add a chunk; return whether to stop reading."""
        plain = chunk if self.window is None else self._decompressed(chunk, self.window)
        self.chunks.append(plain)
        self._size += len(plain)
        return self._size > MAX_BODY

    def _decompressed(self, chunk: bytes, window: int) -> bytes:
        self._decompressor = self._decompressor or zlib.decompressobj(window)
        try:
            return self._decompressor.decompress(chunk, MAX_BODY - self._size + 1)  # type: ignore[no-any-return]
        except zlib.error:
            # Some servers send "deflate" without its header; other broken data is kept unchanged.
            is_bare = window == zlib.MAX_WBITS and not self._size
            self.window, self._decompressor = -window if is_bare else None, None
            return chunk if self.window is None else self._decompressed(chunk, self.window)
