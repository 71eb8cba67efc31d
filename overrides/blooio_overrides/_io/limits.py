"""How long one attempt may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from .._call.retries import KEPT_BACK, Deadline, now

CONNECT_LIMIT: Final = 5.0


@attrs.define(eq=False)
class Limits:
    """How long one attempt may take."""

    phases: Mapping[str, float | None]
    """Seconds for connecting, for each read and write, and for a free connection."""
    deadline: Deadline
    ends_at: float | None = None
    """When the attempt must end, once that is known: for an upload from a file, not before its last byte is sent."""
    on_start: Callable[[float], None] | None = None
    """Called when the time begins to run, with the seconds that there are."""
    is_connecting: bool = False
    """Whether a connection is being made, in which time nothing can have been sent."""

    def start(self) -> None:
        """Let the time run."""
        self.deadline.start()
        seconds = self.deadline.of_attempt()
        if seconds is not None:
            self.ends_at = now() + seconds
            if self.on_start is not None:
                self.on_start(seconds)

    def left(self) -> float | None:
        """Seconds that are left; None for no limit."""
        return None if self.ends_at is None else self.ends_at - now()


def limits_of(deadline: Deadline) -> Limits:
    """Return the limits of the next attempt."""
    if deadline.phases is not None:
        return Limits(deadline.phases.as_dict(), deadline)
    seconds = deadline.of_attempt()
    # Connecting ends a little before the attempt does, so that a request that never left is known as such.
    connect = CONNECT_LIMIT if seconds is None else min(CONNECT_LIMIT, seconds * (1 - KEPT_BACK))
    return Limits({"connect": connect, "read": seconds, "write": seconds, "pool": seconds}, deadline)
