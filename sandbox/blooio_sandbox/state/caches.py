"""Caches: messages as JSON for lists, and counts for getMe and listNumbers.

Reading and serializing fifty messages takes four times as long as the rest of a response; so does counting thousands.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3


_MAX_VIEWS: Final = 20_000

# Triggers invalidate the cache, so no statement that changes a message can be missed.
_TRIGGERS: Final = """
CREATE TEMP TRIGGER message_added AFTER INSERT ON messages BEGIN SELECT forget_total(new.chat_id); END;
CREATE TEMP TRIGGER message_changed AFTER UPDATE ON messages BEGIN SELECT forget_view(new.message_id); END;
CREATE TEMP TRIGGER reaction_added AFTER INSERT ON reactions BEGIN SELECT forget_view(new.message_id); END;
CREATE TEMP TRIGGER reaction_changed AFTER UPDATE ON reactions BEGIN SELECT forget_view(new.message_id); END;
"""


@dataclass(frozen=True, slots=True)
class View:
    """A message as JSON, and the period in which it is valid."""

    text: str
    since: int
    until: float


class Views:
    """Serialized messages by id, and message counts by chat."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.totals: dict[str, int] = {}
        self._kept: dict[str, View] = {}
        connection.create_function("forget_view", 1, self._forget)
        connection.create_function("forget_total", 1, self._forget_total)
        connection.executescript(_TRIGGERS)

    def find(self, message_id: str, now: int) -> View | None:
        """Return a cached message if it is still valid."""
        view = self._kept.get(message_id)
        return view if view is not None and view.since <= now < view.until else None

    def keep(self, message_id: str, view: View) -> None:
        """Cache a message."""
        if len(self._kept) >= _MAX_VIEWS:
            self.clear()
        self._kept[message_id] = view

    def clear(self) -> None:
        """Clear the cache."""
        self._kept.clear()
        self.totals.clear()

    def _forget(self, message_id: str) -> None:
        self._kept.pop(message_id, None)

    def _forget_total(self, chat_id: str) -> None:
        self.totals.pop(chat_id, None)


# A trigger counts, so no statement that adds a message can be missed.
_TRIGGER: Final = """
CREATE TEMP TRIGGER message_counted AFTER INSERT ON messages BEGIN
    SELECT count_message(new.direction, new.own_number, new.accepted_at);
END;
"""
_COUNT: Final = "SELECT direction, own_number, count(*), max(accepted_at) FROM messages GROUP BY direction, own_number"


class Activity:
    """Message counts and last-activity times per number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[tuple[str, str], tuple[int, int]] | None = None
        connection.create_function("count_message", 3, self._add)
        connection.executescript(_TRIGGER)

    def total(self, direction: str) -> int:
        """Return the number of messages in a direction."""
        return sum(count for (each, _), (count, _) in self._known().items() if each == direction)

    def last(self, *, direction: str | None = None, number: str | None = None) -> int | None:
        """Return the time of the last message in a direction or of a number."""
        found = (
            moment
            for (each, own_number), (_, moment) in self._known().items()
            if direction in (None, each) and number in (None, own_number)
        )
        return max(found, default=None)

    def clear(self) -> None:
        """Recount on next use."""
        self._counts = None

    def _known(self) -> dict[tuple[str, str], tuple[int, int]]:
        if self._counts is None:
            rows = self._connection.execute(_COUNT).fetchall()
            self._counts = {(direction, number): (count, moment) for direction, number, count, moment in rows}
        return self._counts

    def _add(self, direction: str, number: str, moment: int) -> None:
        # Before the first use there is nothing to update.
        if self._counts is not None:
            count, last = self._counts.get((direction, number), (0, moment))
            self._counts[direction, number] = (count + 1, max(last, moment))
