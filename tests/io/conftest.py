"""The fault server, and certificates that clients trust."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import server_context
from fault_matrix import serving
from fault_server import FaultServer
from moved_clock import Clock

from blooio_overrides._io import environment


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """The fault server, and clients that trust its valid certificate."""
    with serving(tmp_path, monkeypatch) as running:
        yield running


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """The TLS context of a trusted server."""
    context = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    environment.tls.cache_clear()
    yield context
    environment.tls.cache_clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pools' clock, which only the test moves; no idle connection becomes too old without it."""
    made = Clock()
    for module in ("synchronous", "asynchronous"):
        monkeypatch.setattr(f"blooio_overrides._io.{module}.now", made)
    return made
