"""What the blocking transport does that no server can bring about at will."""

from __future__ import annotations

import httpcore
import pytest

from blooio_overrides._io import blocking
from blooio_overrides._io.limits import Limits
from blooio_overrides.deadlines import Deadline


def test_nothing_is_begun_when_no_time_is_left() -> None:
    """A read that would begin after the deadline raises at once, instead of asking the socket for no time at all."""
    limits = Limits({}, Deadline(1.0, 0), ends_at=0.0)
    stream = blocking._DeadlineStream(httpcore.NetworkStream())  # pyright: ignore[reportPrivateUsage]
    token = blocking._limits.set(limits)  # pyright: ignore[reportPrivateUsage]
    try:
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(1)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"x")
    finally:
        blocking._limits.reset(token)  # pyright: ignore[reportPrivateUsage]
