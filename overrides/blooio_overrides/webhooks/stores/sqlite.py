"""Stores in memory and in a file, with the standard library's sqlite3."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar
from weakref import finalize

from ...arguments import checked_limit, reject
from ...forks import after_fork
from . import LEASE
from .core import DEAD, FINISHED, KEEP, SCHEMA, SQL, Execute, clock_of
from .owners import file_id, since_boot

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")
CAPACITY: Final = 10_000
_TRIMS: Final = 16
"""How often a memory store is trimmed per `capacity` events let go; not more often, since a trim reads all of them."""
_IDENTITY: Final = "INTEGER PRIMARY KEY AUTOINCREMENT"


class _SQLite(SQL):
    """A store over one connection that all threads share."""

    def __init__(self, path: Path | None, *, lease: float, keep: float) -> None:
        super().__init__(lease=lease, keep=keep)
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._closing: finalize[..., _SQLite] | None = None
        self._file: tuple[int, int] | None = None
        self._began = 0.0
        self._inherited: list[sqlite3.Connection | None] = []
        after_fork(self._reset_after_fork)
        self._run(lambda _: None)

    def _reset_after_fork(self) -> None:
        if self._closing is not None:  # pragma: no branch - a fork while another thread creates the store
            self._closing.detach()
        if self._lock.locked():  # by a thread of the parent, which is using the connection: closing would wait for it
            self._inherited.append(self._connection)
        elif self._connection is not None:
            # While it is open, SQLite believes that this process has the parent's locks on the file. No process
            # inherits them: the parent, once it ends, would delete the log with the events of this process.
            self._connection.close()
        self._lock, self._connection = threading.Lock(), None

    def _now(self, execute: Execute) -> float:  # noqa: ARG002 - other databases have a clock of their own
        return self._began + since_boot()

    def _run(self, work: Callable[[Execute], T], *, is_durable: bool = True) -> T:
        with self._lock:
            while True:
                connection = self._opened()
                try:
                    connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
                    connection.execute("BEGIN IMMEDIATE")
                    result = work(connection.execute)
                    connection.execute("COMMIT")
                except BaseException:
                    # A signal handler may raise between any two lines.
                    connection.rollback()
                    raise
                # Data written to a deleted or replaced file is lost: write it again.
                if self._path is None or file_id(self._path) == self._file:
                    return result

    def _opened(self) -> sqlite3.Connection:
        connection = self._connection
        if connection is not None and self._path is not None and file_id(self._path) != self._file:
            connection.close()
            self._connection = connection = None
        if connection is None:
            connection, self._began = _open(self._path)
            self._file = None if self._path is None else file_id(self._path)
            self._connection = connection
            # A store that is no longer referenced closes itself; at exit, threads may still be using theirs.
            self._closing = finalize(self, connection.close)
            self._closing.atexit = False
        if connection.in_transaction:  # interrupted before the transaction was rolled back
            connection.rollback()
        return connection

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class SQLiteStore(_SQLite):
    """Keeps events in a file: stored events survive a crash and are resumed at the next start.

    Threads, processes and containers of one machine can share the file. Only its owner can read it. It holds the
    contents of an event only until the event is handled; those of dead letters stay for `keep` seconds. If the file is
    deleted or replaced while it is in use, the store notices before it confirms a delivery.
    """

    def __init__(self, path: str | Path, *, lease: float = LEASE, keep: float = KEEP) -> None:
        """Open the file, and create it if it does not exist.

        Args:
            path: The file, on a local disk.
            lease: Seconds after which another worker can claim an event if its own no longer renews its lease.
                Events of a process on this machine that died can be claimed within a second.
            keep: Seconds to keep dead letters and the keys of handled events.

        Raises:
            InvalidArgumentError: path is a database URL, or lease or keep is not a number of seconds > 0.
            OSError: The file cannot be created.
            sqlite3.Error: The file cannot be opened, or is not a store.
        """
        if isinstance(path, str) and "://" in path:
            reject("path is a URL; expected a file such as events.db, or use webhooks.SQLStore")
        super().__init__(Path(path).absolute(), lease=lease, keep=keep)


class MemoryStore(_SQLite):
    """Keeps events in memory: when the process ends, unhandled events and the keys of handled ones are lost.

    Use it in tests, or where losing events does not matter; otherwise, use an `SQLiteStore`. After a fork it belongs to
    the parent; the child's is empty.
    """

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        """Create an empty store.

        Args:
            capacity: The most events that wait for their first attempt; further deliveries get a 503, so that Blooio
                delivers them again. Also the most retries, dead letters and keys of handled events: beyond that, the
                oldest retry becomes a dead letter, and the oldest of the others are forgotten.

        Raises:
            InvalidArgumentError: capacity is not a whole number >= 1.
        """
        self._capacity = checked_limit(capacity, "capacity") or CAPACITY
        self._forget_every = max(1, self._capacity // _TRIMS)
        super().__init__(None, lease=LEASE, keep=KEEP)

    def _check_room(self, execute: Execute, how_many: int) -> None:
        fresh = "SELECT 1 FROM blooio_webhook_events WHERE state = 0 AND due IS NULL LIMIT 1 OFFSET :room"
        room = self._capacity - how_many
        if room < 0 or execute(fresh, {"room": room}).fetchone() is not None:
            raise OverflowError("the store is full: events arrive faster than they are handled")

    def _forget(self, execute: Execute, now: float) -> None:
        """Also apply the capacity."""
        super()._forget(execute, now)
        above = (
            "(SELECT position FROM blooio_webhook_events WHERE {where} ORDER BY {order} DESC LIMIT -1 OFFSET :capacity)"
        )
        retries = above.format(where="state = 0 AND due IS NOT NULL AND started IS NOT NULL", order="position")
        execute(
            "UPDATE blooio_webhook_events SET state = 1, error = 'OverflowError', ended = :now"
            f" WHERE position IN {retries}",
            {"now": now, "capacity": self._capacity},
        )
        for state in (DEAD, FINISHED):
            oldest = above.format(where=f"state > 0 AND state = {state}", order="ended")
            execute(f"DELETE FROM blooio_webhook_events WHERE position IN {oldest}", {"capacity": self._capacity})


def _open(path: Path | None) -> tuple[sqlite3.Connection, float]:
    import sqlite3

    if path is not None:
        path.touch(mode=0o600)
    connection = sqlite3.connect(path or ":memory:", timeout=30.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement.format(identity=_IDENTITY))
        began = clock_of(connection.execute)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection, began
