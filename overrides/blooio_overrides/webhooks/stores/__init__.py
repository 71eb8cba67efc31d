"""Where a receiver keeps the events that it has accepted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol

import attrs

if TYPE_CHECKING:
    from ..events import Event

LEASE: Final = 9.0
"""Seconds after which an event is taken over from a worker that stopped renewing its lease."""


@attrs.frozen
class BurstEffect:
    """How an event changes the open burst of its chat, for one handler."""

    handler: str
    """The name of the handler."""
    quiet: float
    """Seconds without a message after which the burst is complete."""
    max_wait: float
    """Seconds after its first message after which the burst is complete even if more messages arrive."""
    kind: Literal["add", "hold", "release"] = "add"
    """Add the event to the burst; or hold the burst while someone is typing; or wait for `quiet` seconds again."""


@attrs.frozen
class Entry:
    """An event to keep."""

    key: str
    """The same for each redelivery of the event."""
    chat: str = attrs.field(repr=False)
    """Events of one chat are claimed in order, one at a time."""
    record: str = attrs.field(repr=False)
    """The event as one line of text. It is private: do not keep it longer than needed."""
    burst_effects: tuple[BurstEffect, ...] = ()


@attrs.frozen
class Claim:
    """An event or a burst that a worker has claimed, to handle it."""

    key: str
    chat: str = attrs.field(repr=False)
    record: str = attrs.field(repr=False)
    """The event as text; of a burst, one line for each event."""
    attempts: int = 0
    """How many attempts were made before this one."""
    handled: frozenset[str] = frozenset()
    """The names of the handlers that have returned for it."""
    age: float = 0.0
    """Seconds since its first attempt began."""
    burst: str | None = None
    """The name of the handler that a burst is for."""
    position: int = 0
    """Its position in the order of arrival."""
    ticket: str = ""
    """Proves that the worker still holds the chat."""


@attrs.frozen
class DeadLetter:
    """An event that is no longer retried automatically."""

    key: str
    """The key to pass to `receiver.retry`."""
    chat: str = attrs.field(repr=False)
    record: str = attrs.field(repr=False)
    """The event as text; of a burst, one line for each event."""
    error: str
    """The type of the last error."""
    attempts: int
    stored_at: datetime.datetime
    died_at: datetime.datetime

    @property
    def events(self) -> tuple[Event, ...]:
        """The events: one, or those of a burst."""
        from ..parsing import event_from

        return tuple(event_from(line) for line in self.record.splitlines())

    @property
    def event(self) -> Event:
        """The event; the last one of a burst."""
        return self.events[-1]


@attrs.frozen
class Counts:
    """The number of unfinished events in a store."""

    waiting: int
    """Neither finished nor dead."""
    postponed: int
    """Of these, the ones that wait for a retry or for a burst to complete."""
    in_progress: int
    """Of these, the ones being handled."""
    dead: int


class Store(Protocol):
    """The interface between a receiver and its store.

    `claim` returns one event and locks its chat until the event is finished, postponed, released or given up, or until
    its lease expires: only one event of a chat is claimed at a time. First attempts come in order of arrival. A
    postponed event comes when it is due and holds nothing up until then. Any method may be called from any thread, and
    may raise: a delivery that cannot be stored gets a 503, so that Blooio delivers it again.
    """

    @property
    def lease(self) -> float:
        """Seconds after which a claim expires unless its lease was renewed."""
        ...

    def add(self, entries: Sequence[Entry]) -> int:
        """Store events durably, all or none, and return how many are new."""
        ...

    def claim(self) -> Claim | None:
        """Claim the next due event whose chat is free; None if there is none."""
        ...

    def mark_handled(self, claim: Claim, handler: str) -> None:
        """Record durably that a handler has returned for an event."""
        ...

    def finish(self, claim: Claim) -> None:
        """Keep the key, erase the record, and free the chat: all handlers have returned."""
        ...

    def postpone(self, claim: Claim, seconds: float) -> None:
        """Free the chat; the event can be claimed again after this many seconds."""
        ...

    def release(self, claim: Claim) -> None:
        """Free the chat; the event can be claimed again, and this attempt does not count."""
        ...

    def give_up(self, claim: Claim, error: str) -> None:
        """Free the chat, and turn the event into a dead letter."""
        ...

    def renew(self, tickets: Sequence[str]) -> None:
        """Renew the leases of the events being handled."""
        ...

    def seconds_until_next(self) -> float | None:
        """Return the seconds until the next event is due; None if none is waiting."""
        ...

    def is_superseded(self, claim: Claim) -> bool:
        """Return whether a newer burst of the same chat has begun for the same handler."""
        ...

    def dead_letters(self) -> list[DeadLetter]:
        """Return the dead letters, oldest first."""
        ...

    def retry(self, key: str, *, within: float | None) -> bool | None:
        """Retry a dead letter: it can be claimed again.

        Args:
            key: Its key.
            within: Seconds since its first attempt after which it stays dead; None for any age, which restarts its age.

        Returns:
            Whether it will be retried; None if the dead letter does not exist.
        """
        ...

    def counts(self) -> Counts:
        """Count the events that are not finished."""
        ...
