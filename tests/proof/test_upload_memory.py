"""A large file goes out without being read into memory."""

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
ANSWER = b'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 16\r\n\r\n{"success":true}'


class Sink:
    """A server that counts what comes, keeps none of it, and then answers."""

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
            connection.sendall(ANSWER)
            while connection.recv_into(buffer):
                pass


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Such a server, which ends with its only request."""
    running = Sink()
    yield running
    running.thread.join()


@pytest.mark.proof
def test_an_icon_of_200_mib_takes_no_memory(sink: Sink, tmp_path: Path) -> None:
    """The peak of memory while a file of 200 MiB is sent is a few chunks."""
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
