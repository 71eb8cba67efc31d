"""What both colours of input and output share: what exceptions mean, what headers say, and silence."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar, Token
from functools import cache
from typing import Any, Final

import httpcore

from .._call.outcome import Failure, Response

# Bytes that an exception quotes: of a response that cannot be read, or of a header that cannot be sent.
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
    "ReadTimeout": "the response took too long",
    "WriteTimeout": "sending took too long",
}


_WIRE_ERRORS: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def failure_of(error: BaseException) -> Failure | None:
    """Return what an exception of a transport means; None for any other exception.

    Those of a user's own client by name: it may be any with httpx's interface, whose exceptions are its own.
    """
    names = [kind.__name__ for kind in type(error).__mro__]
    if "TransportError" not in names and not isinstance(error, _WIRE_ERRORS):
        return None
    return Failure(
        next((_REASONS[name] for name in names if name in _REASONS), "the connection broke"),
        sent=None if _NEVER_SENT.isdisjoint(names) else False,
        timed_out="TimeoutException" in names,
        cause=without_traces(error),
    )


def timed_out(*, is_connecting: bool) -> Failure:
    """The failure of an attempt that ran out of time, be it while it still had no connection."""
    reason = _REASONS["ConnectTimeout" if is_connecting else "ReadTimeout"]
    return Failure(reason, sent=False if is_connecting else None, timed_out=True)


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


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of a response, their names in lower case; of several with one name, all values."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def give_up_if_followed(response: Any) -> None:
    """Let a connection end with its response if more bytes came, which would be taken for the response to the next."""
    reader = _reader_behind(response.stream)
    if reader is not None and reader.trailing_data[0]:
        reader.send_failed()  # what has failed is not used again


# Only the reader of HTTP below httpx knows what came after a response; a test fails when its place moves.
_INNER: Final = ("_stream", "_httpcore_stream", "_connection", "_h11_state")


def _reader_behind(stream: Any) -> Any:
    for _ in range(8):  # it stands four streams deep; one of somebody else's may stand in itself
        inner = next(filter(None, (getattr(stream, name, None) for name in _INNER)), None)
        if inner is None:
            return stream if hasattr(stream, "trailing_data") else None
        stream = inner
    return None


def is_over(response: Any) -> bool:
    """Whether somebody has read, or closed, a response of a user's own client before us: one of its hooks, say."""
    return bool(response.is_closed or response.is_stream_consumed)


def what_was_read(response: Any) -> Response:
    """Return a response that somebody has read before us; without a body, where they kept none."""
    try:
        body: bytes = response.content
    except RuntimeError:  # httpx's, and that of whatever has its interface
        body = b""
    return Response(response.status_code, headers_of(response.headers.raw), body)


_inside: ContextVar[bool] = ContextVar("blooio_request", default=False)
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


class QuietLogs:
    """Keeps what sends our request from logging what is in it and in its response; elsewhere it logs as ever."""

    __slots__ = ("_token",)
    _token: Token[bool]

    def __enter__(self) -> None:
        _silence()
        self._token = _inside.set(True)

    def __exit__(self, *raised: object) -> None:
        _inside.reset(self._token)
