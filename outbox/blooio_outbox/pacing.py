"""Pacing: the slot that a message gets. Pure functions."""

from __future__ import annotations

from blooio_client import InvalidArgumentError

MAX_SLEEP = 10.0
"""The maximum number of seconds that `deliver` sleeps until a planned slot."""
MAX_SLEEP_AFTER_MISS = 1.5
"""The maximum number of seconds that it sleeps until a slot that replaces a missed one."""


def gap_of(per_minute: float | None) -> float:
    """Return the seconds between two messages of a number; 0 without a limit."""
    return 60.0 / per_minute if per_minute else 0.0


def is_missed(slot: float | None, now: float, gap: float) -> bool:
    """Return whether a message needs a slot: it has none, or its slot passed by more than a tenth of the gap.

    A missed slot is lost: using it late would send two messages closer together than the pace allows.
    """
    return gap > 0 and (slot is None or now > slot + 0.1 * gap)


def is_last(slot: float | None, next_slot: float, gap: float) -> bool:
    """Return whether no slot is reserved after a message's own, so that it may be used late and the next one moved."""
    return slot is not None and next_slot < slot + 1.5 * gap


def room_for(now: float, next_slot: float, gap: float, *, horizon: float, in_hand: int, limit: int) -> int:
    """Return how many messages of a number may be planned now.

    Args:
        now: The time.
        next_slot: The first slot of the number that is free.
        gap: Seconds between two slots.
        horizon: Seconds to plan ahead.
        in_hand: The number of messages already planned for the number.
        limit: The most that may be planned.
    """
    room = limit - in_hand
    if gap:
        room = min(room, int((now + horizon - max(now, next_slot)) / gap) + 1)
    return max(0, room)


def is_abandoned_before(now: float, gap: float, replan_after: float) -> float:
    """Return the time before which an unused slot counts as abandoned."""
    return now - max(replan_after, 3 * gap)


def checked_pace(per_minute: object) -> float | None:
    """Return a checked number of messages per minute; None for no limit."""
    if per_minute is None:
        return None
    if isinstance(per_minute, bool) or not isinstance(per_minute, int | float) or not 0 < per_minute < float("inf"):
        raise InvalidArgumentError("per_minute must be a number > 0, or None for no limit")
    return float(per_minute)
