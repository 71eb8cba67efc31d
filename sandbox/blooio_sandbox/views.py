"""Messages as lists of them show them: each is written as JSON once, and kept until it changes.

Fifty messages take four times as long to read and to write as the rest of an answer does; and some thousands, to count.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

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
