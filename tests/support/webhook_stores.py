"""Each kind of store, for tests of what they have in common, and one that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import postgres_server
import pytest

from blooio_overrides.webhooks import BurstEffect, Claim, Entry, MemoryStore, SQLiteStore, SQLStore

POSTGRES = pytest.param(
    "postgres",
    marks=[pytest.mark.postgres, pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)],
)
FILES = ["file", "sqlalchemy"]
STORES = ["memory", *FILES, POSTGRES]
RECORD = '{"text": "canary"}'


def entry(key: str, chat: str = "chat", *burst_effects: BurstEffect) -> Entry:
    """An event to store."""
    return Entry(key, chat, RECORD, burst_effects)


def lone(key: str) -> Entry:
    """An event in a chat of its own."""
    return entry(key, f"chat of {key}")


def claimed(store: Any) -> Claim:
    """Take an event, which must exist."""
    claim = store.claim()
    assert claim is not None
    return claim  # type: ignore[no-any-return]


@contextmanager
def opened(kind: str, path: Path, *, capacity: int = 10_000) -> Generator[Any]:
    """Open an empty store; `capacity` applies to a store in memory."""
    if kind == "postgres":
        with postgres_server.server().database() as url, SQLStore(url) as store:
            yield store
        return
    makers: dict[str, Any] = {
        "memory": lambda: MemoryStore(capacity=capacity),
        "file": lambda: SQLiteStore(path),
        "sqlalchemy": lambda: SQLStore(f"sqlite:///{path}"),
    }
    with makers[kind]() as store:
        yield store


def transact(store: Any, work: Callable[[Any], Any]) -> Any:
    """Run a function in a transaction of a store."""
    return store._run(work)


def move_clock(monkeypatch: pytest.MonkeyPatch, kind: Any, ahead: list[float]) -> None:
    """Stop the clock of a kind of store; only the test moves it."""
    now: Callable[..., float] = kind._now
    began: list[float] = []

    def moved(store: object, execute: object) -> float:
        if not began:
            began.append(now(store, execute))
        return began[0] + ahead[0]

    monkeypatch.setattr(kind, "_now", moved)


class BrokenStore(MemoryStore):
    """A store that fails until it is repaired."""

    def __init__(self, *methods: str) -> None:
        super().__init__()
        self.broken = set(methods)
        self.was_asked = threading.Event()

    def _fail(self, method: str) -> None:
        if method in self.broken:
            self.was_asked.set()
            raise OSError("canary")

    def add(self, entries: Sequence[Entry]) -> int:
        """Fail, or store events."""
        self._fail("add")
        return super().add(entries)

    def claim(self) -> Claim | None:
        """Fail, or take an event."""
        self._fail("claim")
        return super().claim()

    def finish(self, claim: Claim) -> None:
        """Fail, or finish an event."""
        self._fail("finish")
        super().finish(claim)

    def renew(self, tickets: Sequence[str]) -> None:
        """Fail, or renew leases."""
        self._fail("renew")
        super().renew(tickets)
