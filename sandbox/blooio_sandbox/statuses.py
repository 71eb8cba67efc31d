"""The life of a message over time: queued, sent, delivered, read; or failed, or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blooio_sandbox.answers import Json
    from blooio_sandbox.state import Row


@dataclass(frozen=True)
class Plan:
    """When an accepted message will be sent, and what will become of it then."""

    sent_at: int | None
    delivered_at: int | None
    failed_at: int | None
    error_code: str | None


def plan_message(accepted_at: int, delay: int, *, is_online: bool, error_code: str | None) -> Plan:
    """Decide what will happen to a message: one step per delay, and a failure in place of `sent`."""
    if error_code is not None:
        return Plan(None, None, accepted_at + delay, error_code)
    return Plan(accepted_at + delay, accepted_at + 2 * delay if is_online else None, None, None)


def status_at(message: Row, now: int) -> str:
    """Return the status of a message at a time."""
    if message["direction"] == "inbound":
        return "received"
    for column, status in _STEPS:
        if message[column] is not None and message[column] <= now:
            return status
    return "queued"


def next_change(message: Row, now: int) -> float:
    """Return when the status of a message changes by itself: never, if everything planned has happened."""
    moments = (message[column] for column, _ in _STEPS)
    return min((moment for moment in moments if moment is not None and moment > now), default=inf)


def status_fields(message: Row, now: int) -> Json:
    """Return the fields about status that every view of a message has."""
    status = status_at(message, now)
    is_delivered = message["delivered_at"] is not None and message["delivered_at"] <= now
    return {
        "status": status,
        "protocol": None if status == "queued" else message["protocol"],
        "time_sent": message["accepted_at"],
        "time_delivered": message["delivered_at"] if is_delivered else None,
        "error": message["error_message"] if status == "failed" else None,
    }


_STEPS = (
    ("cancelled_at", "cancelled"),
    ("failed_at", "failed"),
    ("read_at", "read"),
    ("delivered_at", "delivered"),
    ("sent_at", "sent"),
)
