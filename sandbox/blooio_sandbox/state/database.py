"""The state: an SQLite database that every thread can use."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain, repeat
from os import urandom
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from blooio_sandbox.state.caches import Activity, Views

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from blooio_sandbox.state.clock import Clock, ClockReading

Row: TypeAlias = sqlite3.Row

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# Increase with every incompatible change of tables.sql.
_VERSION = 6

_SHORT_WAIT = 0.1


PUBLIC_KEY: str = "sandbox-key-15550100001"


class UnreadableFileError(ValueError):
    """The file is not a state file of this version."""


class OutdatedError(Exception):
    """The state was reset after this work began; it must not change anything."""


@dataclass(frozen=True)
class Account:
    """The account of the API key."""

    api_key: str = PUBLIC_KEY
    numbers: tuple[str, ...] = ("+15550100001", "+15550100002")
    organization_id: str = "org_sandbox"
    organization_name: str = "Sandbox"
    enabled: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    payload: Literal["v2", "v4"] = "v2"
    attachments: Literal["object", "url", "both"] = "object"
    batches: Literal["none", "list", "events"] = "none"
    sparse: bool = False
    reused_keys: Literal["conflict", "replay"] = "conflict"
    daily_limit: int | None = None
    new_conversation_limit: int | None = None
    safety: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The whole state at one moment."""

    tables: Mapping[str, tuple[tuple[Any, ...], ...]] = field(repr=False)
    clock: ClockReading


class State:
    """The database, the clock and a lock; every change notifies waiting threads."""

    def __init__(self, database: str | Path | None, clock: Clock, account: Account, status_delay: float) -> None:
        self.clock: Clock = clock
        self.account: Account = account
        self.status_delay: int = round(status_delay * 1000)
        self.generation: int = 0
        self.wake_deliverer: Callable[[], None] = _do_nothing
        self.on_change: Callable[[], None] = _do_nothing
        self._changed = threading.Condition(threading.RLock())
        self._connection = _connect(database)
        self.views: Views = Views(self._connection)
        self.activity: Activity = Activity(self._connection)
        self.clock.catch_up_with(self.value("SELECT max(accepted_at) FROM messages") or 0)

    def now(self) -> int:
        """Return the sandbox's time in epoch milliseconds."""
        return self.clock.now()

    @contextmanager
    def locked(self, generation: int | None = None) -> Generator[None]:
        """Hold the lock during a block.

        Raises:
            OutdatedError: The state was reset after this generation.
        """
        with self._changed:
            if generation is not None and generation != self.generation:
                raise OutdatedError
            yield

    @contextmanager
    def transaction(self, generation: int | None = None) -> Generator[None]:
        """Commit all changes of a block or none, and notify waiting threads.

        Raises:
            OutdatedError: The state was reset after this generation.
        """
        with self.locked(generation):
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                self._clear_caches()
                raise
            self._connection.execute("COMMIT")
            self._changed.notify_all()
        self.on_change()

    def rows(self, statement: str, *values: Any) -> list[Row]:
        """Return all rows of a statement."""
        with self._changed:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> Row | None:
        """Return the first row of a statement, or None."""
        with self._changed:
            found: Row | None = self._connection.execute(statement, values).fetchone()
            return found

    def value(self, statement: str, *values: Any) -> Any:
        """Return the first value of a statement, or None."""
        row = self.row(statement, *values)
        return None if row is None else row[0]

    def change(self, statement: str, *values: Any) -> int:
        """Execute a statement, and return the number of changed rows."""
        with self._changed:
            return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """Insert a row."""
        self.change(_insertion(table, tuple(values)), *values.values())

    def insert_and_read(self, table: str, **values: Any) -> Row:
        """Insert a row, and return it with all its columns."""
        (row,) = self.rows(_insertion(table, tuple(values)) + " RETURNING *", *values.values())
        return row

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Block until a condition holds or the timeout passes, and return whether it holds.

        The timeout consists of short waits, since a machine that pauses uses up only one of them.
        """
        count, rest = divmod(timeout, _SHORT_WAIT)
        with self._changed:
            return any(
                self._changed.wait_for(condition, each) for each in chain(repeat(_SHORT_WAIT, int(count)), [rest])
            )

    def advance(self, seconds: float) -> None:
        """Move the clock forward, and start the deliveries that become due."""
        with self.transaction():
            self.clock.advance(seconds)
        self.wake_deliverer()

    def clear(self) -> None:
        """Clear everything, and keep work in flight from changing the new state."""
        with self.transaction():
            self._empty()
            self.clock.reset()

    def snapshot(self) -> Snapshot:
        """Return the whole state."""
        with self.locked():
            return Snapshot({table: self._rows_of(table) for table in self._tables()}, self.clock.reading())

    def restore(self, snapshot: Snapshot) -> None:
        """Replace the state with a snapshot."""
        with self.transaction():
            self._empty()
            for table, rows in snapshot.tables.items():
                self._fill(table, rows)
            self.clock.restore(snapshot.clock)
        self.wake_deliverer()

    def close(self) -> None:
        """Close the database."""
        with self._changed:
            self._connection.close()

    def _empty(self) -> None:
        self.generation += 1
        self._clear_caches()
        for table in self._tables():
            self.change(f"DELETE FROM {table}")  # noqa: S608 - names from this package

    def _clear_caches(self) -> None:
        self.views.clear()
        self.activity.clear()

    def _rows_of(self, table: str) -> tuple[tuple[Any, ...], ...]:
        return tuple(map(tuple, self.rows(f"SELECT * FROM {table} ORDER BY rowid")))  # noqa: S608 - as above

    def _fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self.change(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", *row)  # noqa: S608 - as above

    def _tables(self) -> list[str]:
        found = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return [row["name"] for row in found]


def new_id(prefix: str) -> str:
    """Return a new id; like Blooio's, it has dashes, although the documented patterns forbid them."""
    digits = urandom(16).hex()
    return f"{prefix}_{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def dump(value: Any) -> str:
    """Return a value as compact JSON."""
    return _ENCODER.encode(value)


def monotonic_ms() -> int:
    """Return monotonic milliseconds."""
    return time.monotonic_ns() // 1_000_000


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names from this package


def _connect(database: str | Path | None) -> sqlite3.Connection:
    if database not in (None, ":memory:"):
        with suppress(OSError):  # SQLite says why it cannot be used
            Path(str(database)).touch(mode=0o600)
    try:
        connection = sqlite3.connect(database or ":memory:", isolation_level=None, check_same_thread=False)
        connection.row_factory = Row
        with ExitStack() as closing:
            closing.callback(connection.close)
            _prepare(connection)
            closing.pop_all()
    except (sqlite3.DatabaseError, UnreadableFileError) as error:
        raise UnreadableFileError(f"{database} cannot be used: {error}") from None
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != _VERSION and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        raise UnreadableFileError("it was written by another version of the sandbox or by another program")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(files("blooio_sandbox.state").joinpath("tables.sql").read_text("utf-8"))
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _do_nothing() -> None:
    """Stand in while no server is running."""
