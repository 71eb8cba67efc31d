"""Where a receiver keeps the events that it has accepted, so that each is handled and none is handled twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, Protocol

import attrs

from .._call import retries as deadlines
from ..arguments import checked_limit

CAPACITY: Final = 10_000


@attrs.frozen
class Noted:
    """An event that was accepted and is not handled yet."""

    key: str
    """What it is recognised by when it comes again."""
    record: str = attrs.field(repr=False)
    """The event as text, with its private contents: keep it as such, and no longer than needed."""
    attempts: int = 0
    """How often it was taken before."""


class Store(Protocol):
    """What a receiver asks of a store; one over Redis or another database has these four methods.

    An event is noted, taken, and finished. Between `note` and `finish` it must survive whatever the store promises to
    survive, and no two callers may hold it at once. Any method may be called from any thread, and may raise: a delivery
    that cannot be noted is refused with 503, so that it comes again.

    In SQL, over a table with a unique key: `note` inserts unless the key is there; `take` selects the first row that is
    not finished and due, and sets when it is due again, in case that its taker dies; `finish` marks the row and empties
    its record; `postpone` sets when it is due.
    """

    def note(self, key: str, record: str) -> bool:
        """Keep an event, lastingly before this returns.

        Args:
            key: What it is recognised by.
            record: The event as text.

        Returns:
            Whether it is new; False for a key that is known, whether its event is finished or not.
        """
        ...

    def take(self) -> Noted | None:
        """Take the first event that is not finished, not postponed and in nobody's hands; None if there is none.

        An event whose taker died must come back in time.
        """
        ...

    def finish(self, key: str) -> None:
        """Remember the key, and forget the record: the event is handled."""
        ...

    def postpone(self, key: str, seconds: float) -> None:
        """Give an event back, to be taken again after so many seconds."""
        ...


@attrs.define
class _Waiting:
    record: str
    due: float
    attempts: int = 0


class MemoryStore:
    """Keeps events in memory: whatever is not handled yet is lost with the process, and restarts forget what was.

    It serves tests, and handlers whose loss nobody minds; use an `SQLiteStore` for everything else.
    """

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        """Make an empty store.

        Args:
            capacity: How many events may wait, and how many handled ones are recognised when they come again.

        Raises:
            InvalidArgumentError: capacity is no number of at least 1.
        """
        self._capacity = checked_limit(capacity, "capacity") or CAPACITY
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._finished: OrderedDict[str, None] = OrderedDict()

    def note(self, key: str, record: str) -> bool:
        """Keep an event.

        Raises:
            OverflowError: As many events wait as the store may hold; the delivery is refused, and comes again.
        """
        with self._lock:
            if key in self._waiting or key in self._finished:
                return False
            if len(self._waiting) >= self._capacity:
                raise OverflowError("the store is full: its events are not handled as fast as they come")
            self._waiting[key] = _Waiting(record, deadlines.now())
            return True

    def take(self) -> Noted | None:
        """Take the first event that is due."""
        now = deadlines.now()
        with self._lock:
            for key, waiting in self._waiting.items():
                if waiting.due <= now:
                    waiting.due, waiting.attempts = float("inf"), waiting.attempts + 1
                    return Noted(key, waiting.record, waiting.attempts - 1)
        return None

    def finish(self, key: str) -> None:
        """Remember the key alone; the oldest one makes room."""
        with self._lock:
            self._waiting.pop(key, None)
            self._finished[key] = None
            if len(self._finished) > self._capacity:
                self._finished.popitem(last=False)

    def postpone(self, key: str, seconds: float) -> None:
        """Give an event back, to be taken again after so many seconds."""
        with self._lock:
            self._waiting[key].due = deadlines.now() + seconds

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self._waiting)} waiting>"
