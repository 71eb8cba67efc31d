"""A store in a file, which survives restarts."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from .._io.forks import begin_anew_after_forks
from ..arguments import refuse
from .stores import Noted

if TYPE_CHECKING:
    import sqlite3

LEASE: Final = 300.0
KEPT: Final = 7 * 24 * 3600.0

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS webhook_events (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL,
    due REAL NOT NULL,
    owner TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    finished_at REAL
);
CREATE INDEX IF NOT EXISTS webhook_events_open ON webhook_events (position) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS webhook_events_finished ON webhook_events (finished_at) WHERE finished_at IS NOT NULL;
"""
_OPEN: Final = "SELECT position, key, record, due, owner, attempts FROM webhook_events WHERE finished_at IS NULL"


class SQLiteStore:
    """Keeps events in a file: what is noted survives a crash, and is taken up again at the next start.

    Several threads, and several processes of one machine, may share the file. It is readable by its owner alone, and
    holds the contents of an event only until the event is handled.
    """

    def __init__(self, path: str | Path, *, lease: float = LEASE, keep: float = KEPT) -> None:
        """Open the file, and make it if it is not there.

        Args:
            path: The file.
            lease: Seconds that handling one event may take; after that it is taken for lost, and handed out again.
                What a process of this machine had in hand when it died is handed out at once.
            keep: Seconds that a handled event is recognised when it comes again.

        Raises:
            InvalidArgumentError: lease or keep is no number of seconds above 0.
            sqlite3.Error: The file cannot be opened, or is another kind of file.
        """
        self._path, self._lease, self._keep = Path(path), _checked(lease, "lease"), _checked(keep, "keep")
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection | None] = []
        begin_anew_after_forks(self)
        with self._transaction():
            pass

    def begin_anew(self) -> None:
        """Leave the parent's connection alone, in a child process: it must neither be used nor closed there."""
        self._inherited.append(self._connection)
        self._lock, self._connection = threading.Lock(), None

    def note(self, key: str, record: str) -> bool:
        """Keep an event; when this returns, it is on the disk."""
        statement = "INSERT OR IGNORE INTO webhook_events (key, record, due) VALUES (?, ?, 0)"
        with self._transaction() as connection:
            return connection.execute(statement, (key, record)).rowcount == 1

    def take(self) -> Noted | None:
        """Take the first event that is due, or that a process had in hand which is not there any more."""
        now = time.time()
        with self._transaction() as connection:
            for position, key, record, due, owner, attempts in connection.execute(f"{_OPEN} ORDER BY position"):
                if due <= now or is_gone(owner):
                    statement = "UPDATE webhook_events SET due = ?, owner = ?, attempts = ? WHERE position = ?"
                    connection.execute(statement, (now + self._lease, _this_process(), attempts + 1, position))
                    return Noted(key, record, attempts)
        return None

    def finish(self, key: str) -> None:
        """Remember the key, and delete what the event held; forget keys that are old enough."""
        now = time.time()
        with self._transaction() as connection:
            connection.execute("UPDATE webhook_events SET finished_at = ?, record = '' WHERE key = ?", (now, key))
            connection.execute("DELETE FROM webhook_events WHERE finished_at < ?", (now - self._keep,))

    def postpone(self, key: str, seconds: float) -> None:
        """Give an event back, to be taken again after so many seconds."""
        with self._transaction() as connection:
            due = time.time() + seconds
            connection.execute("UPDATE webhook_events SET due = ?, owner = NULL WHERE key = ?", (due, key))

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                self._connection = _opened(self._path)
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection as connection:
                yield connection

    def close(self) -> None:
        """Close the file; whatever uses the store next opens it again."""
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


def _opened(path: Path) -> sqlite3.Connection:
    import sqlite3

    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A delivery is answered when its event is on the disk, and not when it is on its way there.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _checked(seconds: Any, name: str) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        refuse(f"{name} is no number of seconds; write one above 0")
    return float(seconds)


_tokens: dict[int, str] = {}


def _this_process() -> str:
    # A process id comes again, in a container even with each start; a token tells the processes apart.
    token = _tokens.setdefault(os.getpid(), uuid.uuid4().hex)
    return f"{socket.gethostname()} {os.getpid()} {token}"


def is_gone(owner: str | None) -> bool:
    """Whether an owner is a process of this machine that has ended; of another machine's, only the lease tells."""
    if owner is None or owner == _this_process():
        return False
    host, pid, _ = owner.rsplit(" ", 2)
    if host != socket.gethostname() or os.name != "posix":
        return False
    return int(pid) == os.getpid() or not _is_running(int(pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
