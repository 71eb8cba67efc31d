"""Waiting for a condition."""

import threading
import time
from collections.abc import Callable


def wait_until(is_true: Callable[[], bool], seconds: float = 120.0) -> float:
    """Poll until a condition holds, less often the longer it takes; return how many seconds that took."""
    began, never = time.monotonic(), threading.Event()
    while not is_true():
        waited = time.monotonic() - began
        assert waited < seconds, "the condition did not hold in time"
        never.wait(min(0.01 + waited / 10, 0.2))
    return time.monotonic() - began
