"""How long a call, and one attempt of it, may take."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from blooio_overrides._call import retries as deadlines
from blooio_overrides._call.retries import Deadline


class Clock:
    """A clock that advances on demand."""

    seconds = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The test's clock."""
    clock = Clock()
    monkeypatch.setattr(deadlines, "now", lambda: clock.seconds)
    return clock


def test_the_time_runs_from_the_first_attempt(clock: Clock) -> None:
    """The deadline starts with the first attempt."""
    deadline = Deadline(30, 2)
    clock.seconds += 100
    before = deadline.left()
    deadline.of_attempt(begins=True)
    clock.seconds += 12

    assert (before, deadline.left()) == (30.0, 18.0)


def test_a_deadline_starts_once(clock: Clock) -> None:
    """A later attempt does not restart the deadline."""
    deadline = Deadline(30.0, 2)
    deadline.of_attempt(begins=True)
    clock.seconds += 29
    deadline.of_attempt(begins=True)
    nearly_over = deadline.left()
    clock.seconds += 5

    assert (nearly_over, deadline.left()) == (1.0, 0.0)


@pytest.mark.parametrize(("gone", "expected"), [(0, 29.4), (20, 9.4), (29, 0.4), (29.4, 0.0), (29.5, 0.0), (40, 0.0)])
def test_no_attempt_begins_at_the_very_end(clock: Clock, gone: float, expected: float) -> None:
    """No attempt begins in the last 2 % of the timeout."""
    deadline = Deadline(30.0, 2)
    deadline.of_attempt(begins=True)
    clock.seconds += gone

    assert deadline.left_to_begin() == pytest.approx(expected)


def test_without_a_deadline_an_attempt_can_always_begin() -> None:
    """Without a deadline, no time is reserved."""
    assert Deadline(httpx.Timeout(5.0), 2).left_to_begin() is None


@pytest.mark.parametrize(
    ("timeout", "max_retries", "gone", "expected"),
    [
        (30.0, 2, 0.0, 10.0),
        (30.0, 2, 19.0, 10.0),
        (30.0, 2, 22.0, 8.0),
        (30.0, 2, 26.0, 4.0),
        (30.0, 2, 29.0, 1.0),
        (30.0, 2, 31.0, 0.0),
        (9.0, 2, 0.0, 5.0),
        (3.0, 2, 0.0, 3.0),
        (30.0, 0, 0.0, 30.0),
        (600.0, 2, 0.0, 200.0),
    ],
)
def test_an_attempt_gets_its_share(
    clock: Clock, timeout: float, max_retries: int, gone: float, expected: float
) -> None:
    """An attempt gets its share of the timeout, at least 5 s, but never more than is left."""
    deadline = Deadline(timeout, max_retries)
    deadline.of_attempt(begins=True)
    clock.seconds += gone

    assert expected == deadline.of_attempt()


@pytest.mark.parametrize("timeout", [None, httpx.Timeout(5.0, connect=1.0)])
def test_timeouts_of_httpx_are_not_a_deadline(timeout: Any) -> None:
    """Limits per phase, or None, set no deadline; the limits are kept unchanged."""
    deadline = Deadline(timeout, 2)
    deadline.of_attempt(begins=True)

    assert (deadline.left(), deadline.of_attempt()) == (None, None)
    assert deadline.phases is timeout


def test_a_number_of_seconds_is_not_an_httpx_timeout() -> None:
    """A number limits the whole call."""
    assert Deadline(30.0, 2).phases is None
