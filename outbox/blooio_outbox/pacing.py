"""Pace: which slot a message gets. Pure."""

from __future__ import annotations

from blooio_client import InvalidArgumentError

NAP = 1.5
"""Seconds before its slot from which on a message may be claimed; `deliver` sleeps until the slot."""


def gap_of(per_minute: float | None) -> float:
    """Return the seconds between two messages of a number; 0 without a limit."""
    return 60.0 / per_minute if per_minute else 0.0


def is_missed(slot: float | None, now: float, gap: float) -> bool:
    """Whether a message needs a slot: it has none, or its slot passed by more than a tenth of the gap.

    A missed slot is lost. To use it late would bring the message closer to the next one than was asked for.
    """
    return gap > 0 and (slot is None or now > slot + 0.1 * gap)


def room_for(now: float, next_slot: float, gap: float, *, horizon: float, in_hand: int, limit: int) -> int:
    """Return how many messages of a number may be planned now.

    Args:
        now: The time.
        next_slot: The first slot of the number that is free.
        gap: Seconds between two slots.
        horizon: Seconds that are planned ahead.
        in_hand: How many messages of the number are planned already.
        limit: How many may be.
    """
    room = limit - in_hand
    if gap:
        room = min(room, int((now + horizon - max(now, next_slot)) / gap) + 1)
    return max(0, room)


def is_abandoned_before(now: float, gap: float) -> float:
    """Return the time before which a slot that was not used counts as forgotten by whoever had it."""
    return now - max(2.0, 3 * gap)


def checked_pace(per_minute: object) -> float | None:
    """Return messages a minute, as a caller gave them; None for no limit."""
    if per_minute is None:
        return None
    if isinstance(per_minute, bool) or not isinstance(per_minute, int | float) or not 0 < per_minute < float("inf"):
        raise InvalidArgumentError("per_minute must be a number > 0, or None for no limit")
    return float(per_minute)
