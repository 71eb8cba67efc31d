"""How long one attempt may take."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from blooio_overrides._call.retries import Deadline
from blooio_overrides._io.limits import limits_of


def phases(seconds: float | None, connect: float) -> dict[str, float | None]:
    """Limits of each phase."""
    return {"connect": connect, "read": seconds, "write": seconds, "pool": seconds}


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (30.0, phases(10.0, 5.0)),
        (3.0, phases(3.0, 3.0 * 0.98)),
        (None, phases(None, 5.0)),
        (httpx.Timeout(7.0), phases(7.0, 7.0)),
    ],
)
def test_the_limits_of_an_attempt(timeout: Any, expected: dict[str, float | None]) -> None:
    """An attempt has its share of a number; connecting ends before it does; limits of httpx are taken as they are."""
    limits = limits_of(Deadline(timeout, 2))

    assert (limits.phases, limits.ends_at, limits.left()) == (expected, None, None)


def test_limits_run_when_they_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an attempt runs from its start, and whoever waits is told how much there is."""
    told: list[float] = []
    for module in ("_io.limits", "_call.retries"):
        monkeypatch.setattr(f"blooio_overrides.{module}.now", lambda: 1000.0)
    limits = limits_of(Deadline(30.0, 2))
    limits.on_start = told.append
    limits.start()

    assert (told, limits.ends_at, limits.left()) == ([10.0], 1010.0, 10.0)


def test_limits_without_a_listener_run_as_well() -> None:
    """Who is not told has the same time."""
    limits, endless = limits_of(Deadline(30.0, 2)), limits_of(Deadline(None, 2))
    limits.start()
    endless.start()

    assert (limits.ends_at is None, endless.left()) == (False, None)
