"""What a receiver is given to do, and how it is doing."""

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
    """A request as every web framework has it."""

    method: str
    """The HTTP method."""
    headers: Headers
    """The headers of the request."""
    body: bytes = attrs.field(repr=False)
    """The raw body, as it came."""


@attrs.frozen
class Status:
    """How a receiver is doing."""

    waiting: int
    """Events in the store that are neither finished nor dead."""
    postponed: int
    """Those of them that wait for a retry, or for a burst to be complete."""
    in_hand: int
    """Those of them that are being handled, by any process."""
    dead: int
    """Dead letters."""
    handled: int
    """Events that this process has handled."""
    running: tuple[InHand, ...]
    """What this process has in hand, with the handler and for how many seconds."""


@attrs.frozen
class Registered:
    """A handler, and what it is for."""

    name: str
    """The same after a restart: it says in the store that this handler has returned."""
    kind: type[Event]
    call: Handler
    quiet: float | None = None
    """Of a handler of bursts: seconds without a message after which a burst is complete."""
    max_wait: float = 0.0


@attrs.define
class InHand:
    """An event that is being handled."""

    type: str
    chat: str
    """The chat, masked."""
    began: float = attrs.field(repr=False)
    handler: str | None = None
    """The handler that runs."""
    is_reported: bool = attrs.field(default=False, repr=False)

    @property
    def seconds(self) -> float:
        """How long the handler has been running."""
        return time.monotonic() - self.began


@attrs.define
class Work:
    """What a receiver wants to be done with its events."""

    store: Store
    concurrency: int
    max_attempts: int
    handler_timeout: float
    on_error: Callable[[Event, BaseException], object] | None = None
    on_dead: Callable[[Event, BaseException], object] | None = None
    handlers: list[Registered] = attrs.field(factory=list[Registered])
