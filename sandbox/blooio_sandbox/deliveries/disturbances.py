"""Deliveries that go wrong on demand, as they do in generation: twice, late, out of order, or not as signed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blooio_sandbox.state.database import State


@dataclass
class Disturbance:
    """Something that will go wrong with the next events on their way to a webhook."""

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
        if self.copies < 1:
            raise ValueError("copies must be at least 1")
        if self.delay < 0:
            raise ValueError("a delay must not be negative")


_NONE = Disturbance()


class Disturbances:
    """What was asked for and has not happened yet; the oldest that fits an event happens to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Disturbance] = []

    def add(self, disturbance: Disturbance) -> None:
        """Ask for a disturbance."""
        with self._lock:
            self._waiting.append(disturbance)

    def take(self, event: str) -> Disturbance:
        """Return what applies_to a delivery of an event."""
        with self._lock:
            found = next((each for each in self._waiting if each.event in (None, event)), None)
            if found is not None:
                found.times -= 1
                self._waiting = [each for each in self._waiting if each.times > 0]
            return found or _NONE

    def clear(self) -> None:
        """Ask for nothing any more."""
        with self._lock:
            self._waiting.clear()


def plan_delivery(state: State, event_id: str, webhook_id: str, disturbance: Disturbance) -> None:
    """Plan the deliveries of one event to one webhook: usually one, at once."""
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
    # What was held goes behind what has just been planned: deliveries are made in the order of their positions.
    for held in state.rows("SELECT * FROM deliveries WHERE webhook_id = ? AND is_held", webhook_id):
        values = {name: held[name] for name in ("event_id", "webhook_id", "stale_by", "is_forged")}
        state.change("DELETE FROM deliveries WHERE position = ?", held["position"])
        state.insert("deliveries", **values, due_at=state.now())
