"""What both colours of input and output share: what exceptions mean, what headers say, and silence."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextvars import ContextVar, Token
from functools import cache
from typing import Any, Final

import httpcore

from blooio_overrides.outcomes import Answer, Failure

_NEVER_SENT: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_REASONS: Final = {
    "ConnectError": "the connection failed",
    "ConnectTimeout": "connecting took too long",
    "PoolTimeout": "all connections were in use for too long",
    "ProxyError": "the proxy refused the connection",
    "ReadTimeout": "the answer took too long",
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
    """Drop the tracebacks of an exception and of all behind it: their frames hold the API key."""
    known: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in known:  # careless transports make rings of them
            known[id(each)] = each
            each.__traceback__ = None
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return error


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of an answer, their names in lower case; of several with one name, all values."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def read_before(response: Any) -> Answer:
    """Return the answer that was read to its end by a hook of the user's own client, or made up by its transport."""
    return Answer(response.status_code, headers_of(response.headers.raw), response.content)


def give_up_if_followed(response: Any) -> None:
    """Let a connection end with its answer if more bytes came, which would be taken for the answer to the next."""
    reader = _reader_behind(response.stream)
    if reader is not None and reader.trailing_data[0]:
        reader.send_failed()  # what has failed is not used again


# Only the reader of HTTP below httpx knows what came after an answer; a test fails when its place moves.
_INNER: Final = ("_stream", "_httpcore_stream", "_connection", "_h11_state")


def _reader_behind(stream: Any) -> Any:
    inner = next((name for name in _INNER if hasattr(stream, name)), None)
    if inner is None:
        return stream if hasattr(stream, "trailing_data") else None
    return _reader_behind(getattr(stream, inner))


_inside: ContextVar[bool] = ContextVar("blooio_request", default=False)


def _keep_quiet(record: logging.LogRecord) -> bool:
    """Drop the record in which httpx tells the URL, and with it whom we talk to."""
    del record
    return not _inside.get()


@cache
def _silence() -> None:
    for name in ("httpx", "httpx2"):
        logging.getLogger(name).addFilter(_keep_quiet)


class QuietClient:
    """Keeps a user's own client from logging the URL of our request; elsewhere it logs as ever."""

    __slots__ = ("_token",)
    _token: Token[bool]

    def __enter__(self) -> None:
        _silence()
        self._token = _inside.set(True)

    def __exit__(self, *raised: object) -> None:
        _inside.reset(self._token)
