"""Slots, with properties checked by Hypothesis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_outbox.pacing import gap_of, is_abandoned_before, is_last, is_missed, room_for


def test_gaps() -> None:
    """A pace is converted to the gap between sends; without a limit, the gap is zero."""
    assert gap_of(60.0) == 1.0
    assert gap_of(0.0) == 0.0
    assert gap_of(None) == 0.0


@pytest.mark.parametrize(
    ("slot", "gap", "missed"),
    [
        (None, 1.0, True),
        (100.0, 1.0, False),
        (99.95, 1.0, False),
        (99.8, 1.0, True),
        (101.0, 1.0, False),
        (None, 0.0, False),
    ],
)
def test_missed_slots(slot: float | None, gap: float, *, missed: bool) -> None:
    """A slot is missed after a tenth of the gap; without a pace, no slot can be missed."""
    assert is_missed(slot, 100.0, gap) is missed


@pytest.mark.parametrize(
    ("slot", "next_slot", "last"),
    [(100.0, 106.0, True), (100.0, 112.0, False), (100.0, 107.5, True), (None, 0.0, False)],
)
def test_the_last_slot(slot: float | None, next_slot: float, *, last: bool) -> None:
    """A slot is the last one if no other was reserved since."""
    assert is_last(slot, next_slot, 6.0) is last


@given(
    now=st.floats(0, 1000),
    ahead=st.floats(-100, 10),
    gap=st.floats(0.01, 60),
    horizon=st.floats(0, 10),
    in_hand=st.integers(0, 500),
)
def test_no_slot_is_planned_beyond_the_horizon(
    now: float, ahead: float, gap: float, horizon: float, in_hand: int
) -> None:
    """Planned slots start within the horizon, and their number is limited."""
    room = room_for(now, now + ahead, gap, horizon=horizon, in_hand=in_hand, limit=400)

    assert 0 <= room <= max(0, 400 - in_hand)
    if room > 1:
        assert max(0.0, ahead) + (room - 1) * gap <= horizon + 1e-6


def test_without_a_pace_only_the_limit_counts() -> None:
    """A number without a pace has room up to the limit."""
    assert room_for(100.0, 0.0, 0.0, horizon=3.0, in_hand=10, limit=400) == 390
    assert room_for(100.0, 0.0, 0.0, horizon=3.0, in_hand=500, limit=400) == 0


def test_unused_slots() -> None:
    """A slot is abandoned after three gaps, or two seconds if that is longer."""
    assert is_abandoned_before(100.0, 0.5, 2.0) == 98.0
    assert is_abandoned_before(100.0, 10.0, 2.0) == 70.0
