"""How long a call, and one attempt of it, may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from .retries import attempt_limit

if TYPE_CHECKING:
    import httpx

    from .settings import Timeout

now: Callable[[], float] = time.monotonic

KEPT_BACK: Final = 0.02
"""The last share of the time, in which nothing begins any more: what has not left by then is known not to have left."""


class Deadline:
    """When a call must have ended, with all its attempts and the pauses between them.

    The time runs from the first attempt on; for an upload from a file, from its last byte sent.
    """

    def __init__(self, timeout: Timeout, max_retries: int) -> None:
        self._seconds = float(timeout) if isinstance(timeout, int | float) else None
        self._max_retries = max_retries
        self._ends_at: float | None = None
        self.phases: httpx.Timeout | None = timeout if not isinstance(timeout, int | float) else None
        """Limits for connecting and for each read and write, where the user gave those instead."""

    def start(self) -> None:
        """Let the time run, unless it does already."""
        if self._seconds is not None and self._ends_at is None:
            self._ends_at = now() + self._seconds

    def left(self) -> float | None:
        """Seconds until the call must have ended; None where it need not."""
        return self._seconds if self._ends_at is None else max(0.0, self._ends_at - now())

    def left_to_begin(self) -> float | None:
        """Seconds in which another attempt can begin; None for as many as you like."""
        left = self.left()
        return None if left is None or self._seconds is None else max(0.0, left - KEPT_BACK * self._seconds)

    def of_attempt(self) -> float | None:
        """Seconds that the next attempt may take; None for no limit."""
        left = self.left()
        if left is None or self._seconds is None:
            return None
        return attempt_limit(self._seconds, self._max_retries, left)
