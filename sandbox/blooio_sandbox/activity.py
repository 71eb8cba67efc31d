"""When each own number was last active, and how many messages there were: counted once, and kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

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
