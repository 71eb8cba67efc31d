"""An interruption at any moment leaves a store consistent and unlocked."""

from __future__ import annotations

import gc
import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from webhook_stores import FILES, lone, opened

from blooio_overrides.webhooks import SQLiteStore, SQLStore


class InterruptionError(BaseException):
    """The exception of a signal handler."""


def test_an_interruption_of_a_statement_rolls_back(path: Path) -> None:
    """Interrupted at any statement, the store keeps a delivery completely or not at all, and holds no lock."""
    left = [-1]

    class Interrupted(sqlite3.Connection):
        """A connection that is interrupted after a number of statements."""

        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            """Run a statement."""
            cursor = super().execute(*arguments)
            left[0] -= 1
            if left[0] == 0:
                raise InterruptionError
            return cursor

    engine = sqlalchemy.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.0, "factory": Interrupted})
    interrupted = 0
    with SQLStore(engine) as store, closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as other:
        for at in range(1, 20):
            left[0] = at
            with suppress(InterruptionError):
                store.add([lone("a"), lone("b")])
                break
            interrupted += 1
            other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM blooio_webhook_events").fetchone() in {(0,), (2,)}
            other.execute("ROLLBACK")
        left[0] = -1

        assert interrupted >= 2
        assert store.add([lone("a"), lone("b"), lone("c")]) == 1
    engine.dispose()


# If interrupted while closing a connection, SQLAlchemy leaves it to the garbage collector; Python 3.13+ warns.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs signal.setitimer")
@pytest.mark.parametrize("kind", FILES)
def test_an_interruption_rolls_back(path: Path, kind: str) -> None:
    """A signal handler that raises at any moment leaves no lock in this or another process."""

    def interrupt(*_: object) -> None:
        raise InterruptionError

    before = signal.signal(signal.SIGALRM, interrupt)
    # Coverage's tracer holds a lock on entering a function; interrupting it there would block all other threads.
    tracer = sys.gettrace()
    sys.settrace(None)
    gc.disable()  # Hypothesis hooks into garbage collection, which swallows exceptions
    interrupted = 0
    with opened(kind, path) as store:
        other = sqlite3.connect(path, timeout=0.0, isolation_level=None)
        try:
            for number in range(300):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 1e-5 + number * 1e-5)
                    store.add([lone(f"{number}")])
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except InterruptionError:
                    interrupted += 1
                    with ThreadPoolExecutor(1) as pool:
                        pool.submit(store.add, [lone(f"after {number}")]).result(30.0)
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("ROLLBACK")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            sys.settrace(tracer)
            gc.enable()
            other.close()
    gc.collect()

    assert interrupted


def test_a_transaction_that_was_left_open_is_rolled_back(path: Path) -> None:
    """If an interruption prevents a rollback, the next use of the store rolls back."""
    with SQLiteStore(path) as store:
        vars(store)["_connection"].execute("BEGIN IMMEDIATE")
        assert store.add([lone("one")]) == 1
