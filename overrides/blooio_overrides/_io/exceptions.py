"""What the transport's exceptions mean, and how to strip private data from them."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, Final

from .._call.outcome import Failure
from ..errors import BlooioError
from .uploads import BrokenUpload
from .wire import Attempt

_HTTP: Final = frozenset(
    {"blooio_overrides", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "socksio", "anyio"}
)
_SENDING: Final = (_HTTP | sys.stdlib_module_names | {"sniffio", "trio", "outcome", "uvloop", "gevent", "certifi"}) | {
    "opentelemetry",
    "sentry_sdk",
    "wrapt",
}
"""The packages between a request and the socket, and those that commonly instrument them."""
_NEVER_SENT: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_REASONS: Final = {
    "ConnectError": "the connection failed",
    "ConnectTimeout": "connecting took too long",
    "PoolTimeout": "all connections were in use for too long",
    "ProxyError": "the proxy refused the connection",
    "ReadTimeout": "the response took too long",
    "WriteTimeout": "sending took too long",
}
# Bytes quoted by an exception: from a malformed response, or from an invalid header.
_QUOTED: Final = re.compile(r"(?:bytearray\()?\bb['\"].*", re.DOTALL)


def failure_of(raised: BaseException, attempt: Attempt) -> Failure | BaseException:
    """Return the failure that a transport exception means, or the exception itself if it came from elsewhere.

    httpx's exceptions are recognized by name, since the user's own client may come from a package that imitates httpx.
    """
    error = foreign_exception(raised, attempt)
    if isinstance(error, BrokenUpload):
        return Failure(str(error), sent=_sent(attempt), timed_out=False)
    names = [kind.__name__ for kind in type(error).__mro__]
    if "TransportError" in names:
        return Failure(
            next((_REASONS[name] for name in names if name in _REASONS), "the connection broke"),
            sent=_sent(attempt) if _NEVER_SENT.isdisjoint(names) or _may_have_left(error, attempt) else False,
            timed_out="TimeoutException" in names,
            cause=without_traces(error),
        )
    if not isinstance(error, Exception) or isinstance(error, BlooioError | MemoryError | RecursionError):
        return error
    # Any other exception raised by the transport alone is a failure, too: http.cookiejar fails on some headers.
    frames = _frames(error.__traceback__)
    if len(frames) < 2 or not all(_package(each) in _SENDING for each in frames):  # noqa: PLR2004 - the first is ours
        return error
    return Failure(f"the transport failed ({type(error).__name__})", sent=_sent(attempt), timed_out=False)


def _may_have_left(error: Any, attempt: Attempt) -> bool:
    """Whether the request may have left although the last connection failed, with the user's own client.

    Its transport may have retried, or the exception is about another request, such as one that a hook made.
    """
    about: Any = None
    with suppress(AttributeError, RuntimeError):  # it names no request
        about = error.request
    return attempt.has_left or (attempt.request is not None and about is not attempt.request)


def timed_out(attempt: Attempt) -> Failure:
    """Return the failure of an attempt that ran out of time."""
    return Failure(_REASONS[attempt.step or "ReadTimeout"], sent=_sent(attempt), timed_out=True)


def _sent(attempt: Attempt) -> bool | None:
    return None if attempt.step is None else False


def foreign_exception(error: BaseException, attempt: Attempt) -> BaseException:
    """Return the exception of a signal handler that the transport mistook for its own; else the error.

    A handler's TimeoutError looks like the socket's, but only the handler's is raised by a function of the user's.
    """
    inner: BaseException | None = error
    while inner is not None and type(inner).__module__.partition(".")[0] in _HTTP:
        frames = _frames(inner.__traceback__)
        if not frames or _package(frames[-1]) not in _HTTP:
            return error  # raised on purpose, by the user's hook or transport
        inner = inner.__cause__ or inner.__context__  # httpcore's pool raises "from None"
    is_mistaken = inner is not None and inner is not attempt.handled and is_foreign(inner)
    return inner if inner is not None and is_mistaken else error


def is_foreign(error: BaseException) -> bool:
    """Whether an exception was raised by code that is not part of the transport."""
    frames = _frames(error.__traceback__)
    return bool(frames) and _package(frames[-1]) not in _SENDING


def without_traces(error: BaseException) -> BaseException:
    """Remove the tracebacks, requests and quoted bytes from an exception and its causes."""
    for each in _chain(error):
        each.__traceback__ = None
        each.args = tuple(_QUOTED.sub("…", arg) if isinstance(arg, str) else arg for arg in each.args)
        vars(each).pop("_request", None)  # httpx's exceptions have one, with its headers
    return error


def without_frames(error: BaseException) -> None:
    """Remove the transport's frames from an exception's tracebacks, since their local variables hold the API key.

    Other frames, such as those of the user's hooks, and the exception itself are left unchanged.
    """
    for each in _chain(error):
        kept: list[TracebackType] = []
        trace = each.__traceback__
        while trace is not None:
            package = _package(trace.tb_frame)
            # Standard library frames below a function of the user's belong to that function.
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
        if each is not None and id(each) not in known:  # some transports create cycles
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
