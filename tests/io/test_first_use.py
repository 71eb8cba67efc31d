"""Threads that use a new client at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from blooio_overrides._io import synchronous


def test_two_threads_share_the_first_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both get the same pool: one of a thread's own would never be closed."""
    both_are_here = threading.Barrier(2)
    tls_for = synchronous.tls_for

    def slowly(base_url: str) -> Any:
        both_are_here.wait(10)
        return tls_for(base_url)

    monkeypatch.setattr(synchronous, "tls_for", slowly)
    connections = synchronous.Connections("http://127.0.0.1:1", None)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: connections._made(), range(2))
    connections.close()

    assert first is second
