"""A webhook receiver that is killed repeatedly."""

from __future__ import annotations

import json
import random
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Self

import httpx
import pytest
import webhook_victim
from webhook_servers import listening, url_of

from blooio_client import webhooks

EVENTS = 1_000
MAX_LIFE = 0.6


class Victim:
    """A receiver in a process that is killed at random moments and restarted."""

    def __init__(self, listener: socket.socket, folder: Path) -> None:
        self._listener, self._folder = listener, folder
        self._is_over = threading.Event()
        self.kills = 0
        self.handled_again: set[str] = set()
        self._finished: set[str] = set()
        self._read = 0
        self._thread = threading.Thread(target=self._run_and_kill)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run_and_kill(self) -> None:
        while not self._is_over.is_set():
            arguments = [str(self._listener.fileno()), str(self._folder)]
            with subprocess.Popen(
                [sys.executable, webhook_victim.__file__, *arguments],
                pass_fds=[self._listener.fileno()],
                stdout=subprocess.PIPE,
            ) as process:
                assert process.stdout
                process.stdout.readline()
                self._is_over.wait(random.uniform(0.0, MAX_LIFE))  # noqa: S311 - the moment should be random
                process.kill()
            self.kills += 1
            self.look()

    def look(self) -> None:
        """Compare the events handled since the last call with those that had finished before."""
        keys = journal_of(self._folder)
        self.handled_again |= self._finished & set(keys[self._read :])
        self._read, self._finished = len(keys), finished_in(self._folder)


def journal_of(folder: Path) -> list[str]:
    """Return the events that were passed to a handler, in order."""
    journal = folder / "journal"
    return journal.read_text("utf-8").split() if journal.exists() else []


def finished_in(folder: Path) -> set[str]:
    """Return the events that are marked as handled."""
    with closing(sqlite3.connect(folder / "events.db")) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM blooio_webhook_events WHERE state = 2")}


def deliver(http: httpx.Client, url: str, number: int) -> int:
    """Deliver an event until it is accepted, and return the number of attempts."""
    body = json.dumps({"event": "message.received", "message_id": f"msg_{number}", "text": "Hi"}).encode()
    headers = {"X-Blooio-Signature": webhooks.sign(body, webhook_victim.SECRET)}
    attempts = 0
    while True:
        attempts += 1
        try:
            if http.post(url, content=body, headers=headers).status_code == 200:
                return attempts
        except httpx.TransportError:
            continue


@pytest.mark.proof
@pytest.mark.skipif(sys.platform == "win32", reason="passes a socket to a process")
def test_no_event_is_lost_or_handled_again(tmp_path: Path) -> None:
    """Of 1,000 events, each delivered twice between kills, all are handled, and none again once it was marked."""
    with (
        listening() as listener,
        httpx.Client(trust_env=False, timeout=10.0) as http,
        webhooks.SQLiteStore(tmp_path / "events.db") as store,
    ):
        with Victim(listener, tmp_path) as victim:
            attempts = sum(deliver(http, url_of(listener), number) for number in range(EVENTS))
            attempts += sum(deliver(http, url_of(listener), number) for number in range(EVENTS))
        left = webhook_victim.receiver_over(store, tmp_path / "journal").drain()
        victim.look()
    given = journal_of(tmp_path)
    print(
        f"\n{EVENTS} events in {attempts} deliveries, {victim.kills} kills: {len(set(given))} handled, "
        f"{left} of them after the last kill; {len(given) - len(set(given))} handled twice because a kill came first, "
        f"{len(victim.handled_again)} after being marked as handled"
    )

    assert set(given) == finished_in(tmp_path) == {f"message.received:msg_{number}" for number in range(EVENTS)}
    assert victim.handled_again == set()
    assert victim.kills > 5
