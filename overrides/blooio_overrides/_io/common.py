"""What both colours of input and output share: the proxy, the limits, and what httpx's exceptions mean."""

from __future__ import annotations

import logging
import re
import ssl
import sys
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import IO, Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import attrs
import httpx

from blooio_overrides.arguments import refuse
from blooio_overrides.deadlines import Deadline, now
from blooio_overrides.outcomes import Answer, Failure
from blooio_overrides.requests import Request
from blooio_overrides.settings import is_loopback

CONNECT_LIMIT: Final = 5.0

# The connections of one client: as many as there are calls at once, most of them kept for the next call.
POOL_LIMITS: Final = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=5.0)


@attrs.define(eq=False)
class Limits:
    """How long one attempt may take."""

    phases: httpx.Timeout
    """For connecting, and for each read and write."""
    deadline: Deadline
    ends_at: float | None = None
    """When the attempt must end, once that is known: for an upload from a file, not before its last byte is sent."""
    on_start: Callable[[float], None] | None = None
    """Called when the time begins to run, with the seconds that there are."""

    def start(self) -> None:
        """Let the time run."""
        self.deadline.start()
        seconds = self.deadline.of_attempt()
        if seconds is not None:
            self.ends_at = now() + seconds
            if self.on_start is not None:
                self.on_start(seconds)

    def left(self) -> float | None:
        """Seconds that are left; None for no limit."""
        return None if self.ends_at is None else self.ends_at - now()


def limits_of(deadline: Deadline) -> Limits:
    """Return the limits of the next attempt."""
    seconds = deadline.of_attempt()
    if seconds is None:
        return Limits(deadline.phases or httpx.Timeout(None, connect=CONNECT_LIMIT), deadline)
    # Connecting ends a little before the attempt does, so that a request that never left is known as such.
    return Limits(httpx.Timeout(seconds, connect=min(CONNECT_LIMIT, seconds * 0.98)), deadline)


def environment_proxy(base_url: str) -> httpx.Proxy | None:
    """Return the proxy that the environment names for a URL, as other programs read it."""
    parts = urlsplit(base_url)
    # In the clear, the key may go to loopback only: a proxy elsewhere would get to see it.
    if proxy_bypass(parts.netloc) or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return None
    if not _proxy_url(parts.scheme):
        return None
    proxy = _proxy(parts.scheme)
    if proxy is None:
        names = f"{parts.scheme.upper()}_PROXY or ALL_PROXY"
        refuse(f"the proxy that the environment names ({names}) is no http, https or socks5 URL; correct the variable")
    return proxy


def _proxy_url(scheme: str) -> str | None:
    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all")


def _proxy(scheme: str) -> httpx.Proxy | None:
    """Return the proxy; nothing that raises has its URL, with the password in it, in a local variable."""
    url = _proxy_url(scheme) or ""
    try:
        return httpx.Proxy(url if "://" in url else f"http://{url}")
    except (ValueError, httpx.InvalidURL):
        return None


@cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: it takes long to make, and every transport can share it."""
    return httpx.create_ssl_context()


def verification(base_url: str) -> ssl.SSLContext | bool:
    """What a transport for a URL verifies certificates with; plain http needs no certificates to be loaded."""
    is_plain = urlsplit(base_url).scheme == "http" and environment_proxy(base_url) is None
    return False if is_plain else tls()


def http_request(request: Request, limits: Limits) -> httpx.Request:
    """Return a request as httpx has it."""
    return httpx.Request(
        request.method,
        request.url,
        headers=request.headers,
        content=request.content,
        files=_multipart(request, limits),
        extensions={"timeout": limits.phases.as_dict()},
    )


def build_with(client: Any, request: Request, limits: Limits) -> Any:
    """Return a request as a user's own client makes it, with its cookies, hooks and headers."""
    return client.build_request(
        request.method,
        request.url,
        headers=request.headers,
        content=request.content,
        files=_multipart(request, limits),
        extensions={"timeout": limits.phases.as_dict()},
    )


def _multipart(request: Request, limits: Limits) -> Mapping[str, Any] | None:
    if request.files is None:
        return None
    return {
        name: (file.file_name, _until_sent(file.payload, limits), file.mime_type)
        if file.mime_type
        else (file.file_name, _until_sent(file.payload, limits))
        for name, file in request.files.items()
    }


def _until_sent(payload: IO[bytes] | bytes, limits: Limits) -> Any:
    return payload if isinstance(payload, bytes) else _Upload(payload, limits)


class _Upload:
    """A file whose attempt has its time begin when the last byte was read."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = file
        self._limits = limits

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        if not chunk:
            self._limits.start()
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def starts_at_once(request: Request) -> bool:
    """Whether the time of an attempt runs from its beginning: always, but for an upload from a file."""
    return all(isinstance(file.payload, bytes) for file in (request.files or {}).values())


# Bytes that an exception quotes: of an answer that cannot be read, or of a header that cannot be sent.
_QUOTED: Final = re.compile(r"(?:bytearray\()?\bb['\"].*", re.DOTALL)
_SENDING: Final = sys.stdlib_module_names | {
    "blooio_overrides",
    *("httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "socksio", "anyio", "sniffio", "trio"),
}
"""The packages through which a request goes to the socket."""
_NEVER_SENT: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_REASONS: Final = {
    "ConnectError": "the connection failed",
    "ConnectTimeout": "connecting took too long",
    "PoolTimeout": "all connections were in use for too long",
    "ProxyError": "the proxy refused the connection",
    "ReadTimeout": "the answer took too long",
    "WriteTimeout": "sending took too long",
}


def failure_of(error: BaseException) -> Failure | None:
    """Return what an exception of a transport means; None for any other exception.

    By name, since `http_client=` takes any client with httpx's interface, whose exceptions are its own.
    """
    names = [kind.__name__ for kind in type(error).__mro__]
    if "TransportError" not in names:
        return None
    return Failure(
        next((_REASONS[name] for name in names if name in _REASONS), "the connection broke"),
        sent=None if _NEVER_SENT.isdisjoint(names) else False,
        timed_out="TimeoutException" in names,
        cause=without_traces(error),
    )


def timed_out(cause: BaseException | None = None) -> Failure:
    """The failure of an attempt that ran out of time after it had begun."""
    return Failure("the answer took too long", sent=None, timed_out=True, cause=cause and without_traces(cause))


def without_traces(error: BaseException) -> BaseException:
    """Drop what an exception and all behind it hold of a request: their tracebacks, requests, and quotations."""
    for each in _chain(error):
        each.__traceback__ = None
        each.args = tuple(_QUOTED.sub("…", arg) if isinstance(arg, str) else arg for arg in each.args)
        vars(each).pop("_request", None)  # as httpx's have, with its headers
    return error


def without_locals(error: BaseException) -> None:
    """Empty the frames of whatever sent our request: their local variables hold the API key.

    Other frames, such as those of a user's own hooks, are left as they are, and so is the exception itself.
    """
    for each in _chain(error):
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if str(frame.f_globals.get("__name__")).partition(".")[0] in _SENDING:
                with suppress(RuntimeError):  # it is running still
                    frame.clear()


def _chain(error: BaseException) -> list[BaseException]:
    known: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in known:  # careless transports make rings of them
            known[id(each)] = each
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return list(known.values())


def answer_of(status: int, headers: Any, body: bytes) -> Answer:
    """Return an answer, with its headers' names in lower case."""
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


_inside: ContextVar[bool] = ContextVar("blooio_request", default=False)
# What tells the URL of a request, or each of its headers.
_TELLING: Final = ("httpx", "httpx2", "hpack", "hpack.hpack", "hpack.table")
# What tells, beside the name of each step, the headers of the answer, what could not be read, and passwords of proxies.
_STEPPING: Final = tuple(
    f"{package}.{name}"
    for package in ("httpcore", "httpcore2")
    for name in ("connection", "http11", "http2", "proxy", "socks")
)


def _keep_quiet(record: logging.LogRecord) -> bool:
    """Drop a record of a request of ours."""
    del record
    return not _inside.get()


def _name_the_step(record: logging.LogRecord) -> bool:
    """Leave of a record of a request of ours the name of the step."""
    if _inside.get():
        record.msg, record.args = record.getMessage().partition(" ")[0], None
    return True


@cache
def _silence() -> None:
    for name in _TELLING:
        logging.getLogger(name).addFilter(_keep_quiet)
    for name in _STEPPING:
        logging.getLogger(name).addFilter(_name_the_step)


@contextmanager
def quiet_logs() -> Generator[None]:
    """Keep what sends our request from logging what is in it and in its answer; elsewhere it logs as ever."""
    _silence()
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)
