"""The work of a receiver, and its status."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import attrs

from .events import Event
from .signatures import Headers
from .stores import Store

Handler = Callable[[Any], object]


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
    in_hand: int
    """Of these, the ones being handled, by any process."""
    dead: int
    """Dead letters."""
    handled: int
    """Events that this process has handled."""
    running: tuple[InHand, ...]
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
class InHand:
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
