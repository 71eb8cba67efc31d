"""The work of a receiver, and its status."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any, Final

import attrs

from ..arguments import reject
from .events import Event
from .signatures import Headers
from .stores import Store

Handler = Callable[[Any], object]
PAUSES: Final = (5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0)
"""Seconds until an event is retried after a failure; the last value applies to all further attempts."""


@attrs.frozen
class Delivery:
    """An HTTP request from any web framework."""

    method: str
    """The HTTP method."""
    headers: Headers = attrs.field(repr=False)
    """The headers of the request."""
    body: bytes = attrs.field(repr=False)
    """The raw body, as received."""


@attrs.frozen
class Status:
    """The status of a receiver."""

    waiting: int
    """Events in the store that are neither finished nor dead."""
    postponed: int
    """Of these, the ones that wait for a retry or for a burst to complete."""
    in_progress: int
    """Of these, the ones being handled, by any process."""
    dead: int
    """Dead letters."""
    handled: int
    """Events that this process has handled."""
    running: tuple[RunningEvent, ...]
    """The events that this process is handling, with the handler and the seconds since it started."""


@attrs.frozen
class Registered:
    """A registered handler."""

    name: str
    """Stable across restarts: the store uses it to record that this handler has returned."""
    kind: type[Event]
    call: Handler
    quiet: float | None = None
    """For handlers of bursts: seconds without a message after which a burst is complete."""
    max_wait: float = 0.0


@attrs.define
class RunningEvent:
    """An event that is being handled."""

    type: str
    chat: str
    """The chat, masked."""
    began: float = attrs.field(repr=False)
    handler: str | None = None
    """The running handler."""
    is_reported: bool = attrs.field(default=False, repr=False)

    @property
    def seconds(self) -> float:
        """How long the handler has been running."""
        return time.monotonic() - self.began


@attrs.define
class Work:
    """The handlers and settings that a worker needs."""

    store: Store
    concurrency: int
    max_attempts: int
    handler_timeout: float
    on_error: Callable[[Event, BaseException], object] | None = None
    on_dead: Callable[[Event, BaseException], object] | None = None
    handlers: list[Registered] = attrs.field(factory=list[Registered])
    after_event: Callable[[], object] | None = None
    """Called in the thread that has handled an event."""

    def register(self, kind: type[Event], handler: Handler, quiet: float | None = None, max_wait: float = 0.0) -> None:
        """Add a handler.

        Raises:
            InvalidArgumentError: It cannot handle an event.
        """
        _check_handler(handler)
        named = getattr(handler, "__qualname__", type(handler).__qualname__)
        name = f"{getattr(handler, '__module__', '')}.{named}"
        alike = sum(each.name.partition("#")[0] == name for each in self.handlers)
        self.handlers.append(Registered(f"{name}#{alike + 1}" if alike else name, kind, handler, quiet, max_wait))


def pause_after(attempts: int) -> float:
    """Return the seconds to wait after this many attempts."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


class HandlerNotRegisteredError(LookupError):
    """A burst was stored for a handler that this process does not have."""


def missing(name: str) -> Registered:
    """Return what stands in for a handler that this process does not have; it raises."""
    return Registered(name, Event, _raise_not_registered)


def _raise_not_registered(_: object) -> None:
    raise HandlerNotRegisteredError(
        "the handler of this burst is not registered; a handler that was renamed is another one"
    )


def check_kind(given: object, base: type[Event], name: str) -> None:
    """Check the class of events that a handler is for.

    Raises:
        InvalidArgumentError: It is something else.
    """
    if not (isinstance(given, type) and issubclass(given, base)):
        reject(f"{name}() expects a class of events, such as webhooks.MessageReceived")


def _check_handler(handler: object) -> None:
    if not callable(handler):
        reject(f"the handler is {type(handler).__name__}; expected a sync or async function of an event")
    called = (handler, type(handler).__call__)
    if any(inspect.isgeneratorfunction(each) or inspect.isasyncgenfunction(each) for each in called):
        reject("the handler contains yield, so calling it would run nothing; expected a sync or async function")
    if not _takes_one(handler):
        reject("the handler must take one argument, the event")


def _takes_one(handler: Callable[..., object]) -> bool:
    try:
        signature = inspect.signature(handler)
    except ValueError:  # some functions written in C have none
        return True
    try:
        signature.bind(None)
    except TypeError:
        return False
    return True
