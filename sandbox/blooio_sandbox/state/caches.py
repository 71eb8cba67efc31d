"""Messages as lists of them show them: each is written as JSON once, and kept until it changes.

Fifty messages take four times as long to read and to write as the rest of an answer does; and some thousands, to count.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3


_MOST: Final = 20_000

# The database says what has changed, so that no statement that changes something can be forgotten here.
_TRIGGERS: Final = """
CREATE TEMP TRIGGER message_added AFTER INSERT ON messages BEGIN SELECT forget_total(new.chat_id); END;
CREATE TEMP TRIGGER message_changed AFTER UPDATE ON messages BEGIN SELECT forget_view(new.message_id); END;
CREATE TEMP TRIGGER reaction_added AFTER INSERT ON reactions BEGIN SELECT forget_view(new.message_id); END;
CREATE TEMP TRIGGER reaction_changed AFTER UPDATE ON reactions BEGIN SELECT forget_view(new.message_id); END;
"""


@dataclass(frozen=True, slots=True)
class View:
    """A message as JSON, and from when until when it looks like that."""

    text: str
    since: int
    until: float


class Views:
    """The messages that were written, by their ids; and how many each chat has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.totals: dict[str, int] = {}
        self._kept: dict[str, View] = {}
        connection.create_function("forget_view", 1, self._forget)
        connection.create_function("forget_total", 1, self._forget_total)
        connection.executescript(_TRIGGERS)

    def find(self, message_id: str, now: int) -> View | None:
        """Return a message, if it was written and has not changed."""
        view = self._kept.get(message_id)
        return view if view is not None and view.since <= now < view.until else None

    def keep(self, message_id: str, view: View) -> None:
        """Keep a message that was written."""
        if len(self._kept) >= _MOST:
            self.clear()
        self._kept[message_id] = view

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self.totals.clear()

    def _forget(self, message_id: str) -> None:
        self._kept.pop(message_id, None)

    def _forget_total(self, chat_id: str) -> None:
        self.totals.pop(chat_id, None)


# The database says what is new, so that no statement that adds something can be forgotten here.
_TRIGGER: Final = """
CREATE TEMP TRIGGER message_counted AFTER INSERT ON messages BEGIN
    SELECT count_message(new.direction, new.own_number, new.accepted_at);
END;
"""
_COUNT: Final = "SELECT direction, own_number, count(*), max(accepted_at) FROM messages GROUP BY direction, own_number"


class Activity:
    """What getMe and listNumbers say about messages, without looking at thousands of them each time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[tuple[str, str], tuple[int, int]] | None = None
        connection.create_function("count_message", 3, self._add)
        connection.executescript(_TRIGGER)

    def total(self, direction: str) -> int:
        """Return how many messages went in a direction."""
        return sum(count for (each, _), (count, _) in self._known().items() if each == direction)

    def last(self, *, direction: str | None = None, number: str | None = None) -> int | None:
        """Return the time of the last message that went in a direction, or by a number."""
        found = (
            moment
            for (each, own_number), (_, moment) in self._known().items()
            if direction in (None, each) and number in (None, own_number)
        )
        return max(found, default=None)

    def clear(self) -> None:
        """Count anew when somebody asks."""
        self._counts = None

    def _known(self) -> dict[tuple[str, str], tuple[int, int]]:
        if self._counts is None:
            rows = self._connection.execute(_COUNT).fetchall()
            self._counts = {(direction, number): (count, moment) for direction, number, count, moment in rows}
        return self._counts

    def _add(self, direction: str, number: str, moment: int) -> None:
        # Nothing is counted where nobody has asked yet.
        if self._counts is not None:
            count, last = self._counts.get((direction, number), (0, moment))
            self._counts[direction, number] = (count + 1, max(last, moment))
