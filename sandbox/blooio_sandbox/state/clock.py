"""The sandbox's own time, which a test can move forward."""

from __future__ import annotations

import time
from typing import Literal, TypeAlias

ClockKind: TypeAlias = Literal["real", "stepped"]
ClockReading: TypeAlias = tuple[int, int]


class Clock:
    """Epoch milliseconds that run by themselves (`real`) or stand still until they are advanced (`stepped`)."""

    def __init__(self, kind: ClockKind = "real") -> None:
        self.kind: ClockKind = kind
        self._start = _wall_clock()
        self._advanced = 0

    def now(self) -> int:
        """Return the sandbox's time in epoch milliseconds."""
        return (_wall_clock() if self.kind == "real" else self._start) + self._advanced

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        if seconds < 0:
            raise ValueError("time moves forward only: seconds must not be negative")
        self._advanced += round(seconds * 1000)

    def catch_up_with(self, moment: int) -> None:
        """Make sure that nothing remembered from an earlier run lies in the future."""
        self._advanced += max(0, moment - self.now())

    def reset(self) -> None:
        """Forget all advances."""
        self._start, self._advanced = _wall_clock(), 0

    def reading(self) -> ClockReading:
        """Return where a stepped clock began, and how far this one was advanced."""
        return self._start, self._advanced

    def restore(self, reading: ClockReading) -> None:
        """Go on from a reading."""
        self._start, self._advanced = reading


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000
