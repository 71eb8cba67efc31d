"""A clock that only the test moves."""

from __future__ import annotations

import time


class Clock:
    """A clock that advances on demand."""

    def __init__(self) -> None:
        self.moment = time.monotonic()

    def __call__(self) -> float:
        """Return the time."""
        return self.moment
