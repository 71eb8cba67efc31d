"""Disturbed deliveries: repeated, late, out of order, or with a bad signature."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blooio_sandbox.deliveries.events import EVENTS
from blooio_sandbox.responses import check_name
from blooio_sandbox.state.clock import check_seconds

if TYPE_CHECKING:
    from blooio_sandbox.state.database import State


@dataclass
class Disturbance:
    """A disturbance of the next webhook deliveries."""

    times: int = 1
    event: str | None = None
    copies: int = 1
    delay: float = 0.0
    stale_by: float = 0.0
    wrong_signature: bool = False
    swapped: bool = False

    def __post_init__(self) -> None:
        if self.times < 1:
            raise ValueError("times must be at least 1")
        if self.copies < 1 or isinstance(self.copies, float):
            raise ValueError("copies must be a whole number of at least 1")
        if self.event is not None:
            check_name("event", self.event, EVENTS)
        check_seconds("delay", self.delay)
        check_seconds("stale_by", abs(self.stale_by))


_NONE = Disturbance()


class Disturbances:
    """Pending disturbances; the oldest that matches an event is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Disturbance] = []

    def add(self, disturbance: Disturbance) -> None:
        """Add a disturbance."""
        with self._lock:
            self._waiting.append(disturbance)

    def all(self) -> list[Disturbance]:
        """Return the pending disturbances, oldest first."""
        with self._lock:
            return list(self._waiting)

    def take(self, event: str) -> Disturbance:
        """Return the disturbance of a delivery."""
        with self._lock:
            found = next((each for each in self._waiting if each.event in (None, event)), None)
            if found is not None:
                found.times -= 1
                self._waiting = [each for each in self._waiting if each.times > 0]
            return found or _NONE

    def clear(self) -> None:
        """Remove all disturbances."""
        with self._lock:
            self._waiting.clear()


def plan_delivery(state: State, event_id: str, webhook_id: str, disturbance: Disturbance) -> None:
    """Schedule the deliveries of one event to one webhook: usually one, due now."""
    due_at = None if disturbance.swapped else state.now() + round(disturbance.delay * 1000)
    for _ in range(disturbance.copies):
        state.insert(
            "deliveries",
            event_id=event_id,
            webhook_id=webhook_id,
            due_at=due_at,
            stale_by=disturbance.stale_by,
            is_forged=disturbance.wrong_signature,
            is_held=disturbance.swapped,
        )
    if not disturbance.swapped:
        _release_held(state, webhook_id)


def _release_held(state: State, webhook_id: str) -> None:
    # Deliveries are made in the order of their positions: move the held ones behind the new one.
    for held in state.rows("SELECT * FROM deliveries WHERE webhook_id = ? AND is_held", webhook_id):
        values = {name: held[name] for name in ("event_id", "webhook_id", "stale_by", "is_forged")}
        state.change("DELETE FROM deliveries WHERE position = ?", held["position"])
        state.insert("deliveries", **values, due_at=state.now())
