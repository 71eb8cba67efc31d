"""The memory used by the upload of a large file."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from blooio_client import Blooio

SIZE = 200 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
RESPONSE = b'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 16\r\n\r\n{"success":true}'


class Sink:
    """A server that counts bytes, discards them, and then responds."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.received = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        buffer = bytearray(1024 * 1024)
        with connection, self._listener:
            while self.received < SIZE:
                self.received += connection.recv_into(buffer)
            connection.sendall(RESPONSE)
            while connection.recv_into(buffer):
                pass


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that ends after one request."""
    running = Sink()
    yield running
    running.thread.join()


@pytest.mark.proof
def test_an_icon_of_200_mib_is_streamed(sink: Sink, tmp_path: Path) -> None:
    """Uploading a file of 200 MiB takes less than 8 MiB of memory."""
    icon = tmp_path / "icon.png"
    with icon.open("wb") as file:
        file.write(PNG)
        file.truncate(SIZE)

    with Blooio("key", base_url=sink.url) as client:
        tracemalloc.start()
        client.groups.icon.set("grp_1", icon)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    print(f"\n{sink.received / 2**20:.0f} MiB sent, peak {peak / 2**20:.1f} MiB")
    assert sink.received >= SIZE
    assert peak < 8 * 2**20
