"""The sandbox's clock."""

from __future__ import annotations

import time
from typing import Literal, TypeAlias

ClockKind: TypeAlias = Literal["real", "stepped"]
# Longer waits are not useful, and much longer ones do not fit into the database.
MAX_SECONDS: float = 100 * 365.25 * 86400
# The year 3000: later ones approach the last date of Python and SQLite.
_LAST_MOMENT = 32_503_680_000_000

ClockReading: TypeAlias = tuple[int, int]


class Clock:
    """A clock in epoch milliseconds: `real` follows the system clock, `stepped` moves only when advanced."""

    def __init__(self, kind: ClockKind = "real") -> None:
        self.kind: ClockKind = kind
        self._start = _wall_clock()
        self._advanced = 0

    def now(self) -> int:
        """Return the sandbox's time in epoch milliseconds."""
        return (_wall_clock() if self.kind == "real" else self._start) + self._advanced

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        if seconds < 0:
            raise ValueError("seconds must not be negative: the clock only moves forward")
        step = round(check_seconds("seconds", seconds) * 1000)
        if self.now() + step > _LAST_MOMENT:
            raise ValueError("seconds must not move the clock past the year 3000")
        self._advanced += step

    def catch_up_with(self, moment: int) -> None:
        """Advance to at least this moment, so that a stored state is never in the future."""
        self._advanced += max(0, moment - self.now())

    def reset(self) -> None:
        """Undo all advances."""
        self._start, self._advanced = _wall_clock(), 0

    def reading(self) -> ClockReading:
        """Return the start and the total advance."""
        return self._start, self._advanced

    def restore(self, reading: ClockReading) -> None:
        """Continue from a reading."""
        self._start, self._advanced = reading


def check_seconds(name: str, seconds: float) -> float:
    """Return a duration that the sandbox can wait for.

    Raises:
        ValueError: It is negative, longer than a century, or not a number.
    """
    if not 0 <= seconds <= MAX_SECONDS:
        raise ValueError(f"{name} must be a number of seconds from 0 to {MAX_SECONDS:.0f} (a century)")
    return seconds


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000
