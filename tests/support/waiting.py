"""Waiting for a condition."""

import threading
import time
from collections.abc import Callable


def wait_until(is_true: Callable[[], bool], seconds: float = 120.0) -> float:
    """Poll until a condition holds; return how many seconds that took."""
    began, never = time.monotonic(), threading.Event()
    while not is_true():
        assert time.monotonic() - began < seconds, "the condition did not hold in time"
        never.wait(0.01)
    return time.monotonic() - began
