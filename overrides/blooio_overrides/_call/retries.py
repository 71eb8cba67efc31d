"""When a request may be sent again, and after how long. Nothing here waits or sends."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ..json_values import is_object
from .known_errors import KEY_REUSED
from .operations import Repeat
from .outcome import Failure, Outcome, is_transient

if TYPE_CHECKING:
    import httpx

    from .settings import Limits

FIRST_PAUSE: Final = 0.5
MAX_PAUSE: Final = 8.0
MAX_RETRY_AFTER: Final = 60.0
"""The longest Retry-After that is honored without a deadline, in seconds."""
RESERVED_SHARE: Final = 0.02
"""The last share of the timeout, in which no attempt starts: a request that has not left by then was never sent."""

now: Callable[[], float] = time.monotonic


def may_repeat(repeat: Repeat, outcome: Outcome, *, uncertain: bool) -> bool:
    """Whether a request may be sent again after this outcome.

    Args:
        repeat: What a repeat of the operation does.
        outcome: The outcome of the last attempt.
        uncertain: Whether an attempt before that one had an unknown outcome.
    """
    if repeat in (Repeat.SAFE, Repeat.KEYED):
        return is_transient(outcome) or (repeat is Repeat.KEYED and is_own_first_attempt(outcome, uncertain=uncertain))
    if isinstance(outcome, Failure):
        return outcome.sent is False
    if outcome.status == 429:  # noqa: PLR2004 - a status
        return is_transient(outcome)
    return repeat is Repeat.VISIBLE and outcome.status == 503 and is_object(outcome.json)  # noqa: PLR2004 - a status


def is_own_first_attempt(outcome: Outcome, *, uncertain: bool) -> bool:
    """Whether a conflict is probably with our own earlier attempt, which is still being carried out."""
    if isinstance(outcome, Failure) or outcome.status != 409 or not uncertain:  # noqa: PLR2004 - a status
        return False
    return outcome.problem.code != KEY_REUSED  # the key was used for another message


def pause_after(outcome: Outcome, attempts: int, chance: Callable[[], float]) -> float:
    """Return the seconds to wait before the next attempt: what the service asks for, else backoff with full jitter.

    Args:
        outcome: The outcome of the last attempt.
        attempts: The number of attempts so far.
        chance: Returns a random number from 0 to 1.
    """
    asked = None if isinstance(outcome, Failure) else retry_after(outcome.headers)
    if asked is not None:
        return asked
    doublings = min(attempts - 1, 16)  # a larger exponent would overflow after a thousand attempts
    return chance() * min(MAX_PAUSE, FIRST_PAUSE * 2.0**doublings)


def fits(pause: float, left: float | None) -> bool:
    """Whether a pause leaves time for another attempt.

    Args:
        pause: Seconds to wait.
        left: Seconds within which another attempt can begin, or None without a deadline.
    """
    return pause <= MAX_RETRY_AFTER if left is None else pause < left


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait according to Retry-After; None without a number >= 0 or a date in the future."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    # A value that is past, negative, infinite or NaN is ignored: the usual backoff applies, not an immediate retry.
    return seconds if 0 <= seconds < float("inf") else None


def _seconds_until(date: str) -> float:
    from email.utils import mktime_tz, parsedate_tz  # rare, and slow to import

    parsed = parsedate_tz(date)
    try:
        return float("nan") if parsed is None else mktime_tz(parsed) - time.time()
    except (ValueError, OverflowError):
        return float("nan")


class Deadline:
    """The deadline of a call, including all attempts and the pauses between them.

    Time starts with the first attempt; for an upload from a file, when its last byte is sent.
    """

    def __init__(self, timeout: Limits, max_retries: int) -> None:
        self._seconds = float(timeout) if isinstance(timeout, int | float) else None
        self._max_retries = max_retries
        self._ends_at: float | None = None
        self.phases: httpx.Timeout | None = timeout if not isinstance(timeout, int | float) else None
        """Limits for connecting and for each read and write, if the user passed an httpx.Timeout."""

    def left(self) -> float | None:
        """Seconds until the deadline; None if the call has none."""
        return self._seconds if self._ends_at is None else max(0.0, self._ends_at - now())

    def left_to_begin(self) -> float | None:
        """Seconds within which another attempt can begin; None for no limit."""
        left = self.left()
        return None if left is None or self._seconds is None else max(0.0, left - RESERVED_SHARE * self._seconds)

    def of_attempt(self, *, begins: bool = False) -> float | None:
        """Return the seconds that an attempt may take; None for no limit.

        An attempt gets its share of the time: at least 5 seconds, and never more than is left.

        Args:
            begins: Whether it begins now; this starts the time, unless it has started before.
        """
        if self._seconds is None:
            return None
        if self._ends_at is None:
            if begins:
                self._ends_at = now() + self._seconds
            left = self._seconds
        else:
            left = max(0.0, self._ends_at - now())
        return min(max(5.0, self._seconds / (self._max_retries + 1)), left)
