"""A system without threads left."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def no_more_threads() -> Generator[None]:
    """Make every thread fail to start, as on a system without threads left, by requiring an impossible stack size."""
    before = threading.stack_size(1 << 46)
    try:
        yield
    finally:
        threading.stack_size(before)
