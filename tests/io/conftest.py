"""The server that goes wrong as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_matrix import serving
from fault_server import FaultServer


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """The server, and clients that trust the certificate that it shows when nothing is wrong."""
    with serving(tmp_path, monkeypatch) as running:
        yield running
