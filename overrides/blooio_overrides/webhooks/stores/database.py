"""A store in a database that several machines share."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from ...arguments import reject
from ...databases import UNENCODED, has_unencoded_password, server_engine
from ...forks import after_fork
from . import LEASE
from .core import KEEP, SCHEMA, SQL, Execute, clock_of
from .owners import file_id, since_boot

if TYPE_CHECKING:
    import sqlalchemy

T = TypeVar("T")
_IDENTITIES: Final = {
    "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
}
ASK_EVERY: Final = 1.0
"""Seconds for which PostgreSQL's time is cached."""
_ISOLATION: Final = "READ COMMITTED"
"""Whatever the engine's or the server's default is: stricter levels fail where this one waits for a row."""
_SINCE: Final = "blooio_since"
"""Where a pooled connection has the time of its first use."""
_SCHEMA_LOCK: Final = 0x626C6F6F
"""A PostgreSQL advisory lock, since two connections that create the same table at once fail."""


class SQLStore(SQL):
    """Keeps events in PostgreSQL, shared by several machines, or in a file of SQLite.

    Its tables are created if they do not exist. PostgreSQL's clock decides when an event is due and when a worker is
    lost. Needs `pip install 'blooio-client[postgres]'`, or `[outbox]` for SQLite alone.
    """

    def __init__(
        self, url: str | sqlalchemy.URL | sqlalchemy.Engine, *, lease: float = LEASE, keep: float = KEEP
    ) -> None:
        """Connect to the database.

        Args:
            url: A SQLAlchemy URL, such as `postgresql://user:password@host/database`, or your own engine.
            lease: Seconds after which another worker can claim an event if its own no longer renews its lease.
            keep: Seconds to keep dead letters and the keys of handled events.

        Raises:
            InvalidArgumentError: The URL is invalid, names an async driver, or a database that is neither PostgreSQL
                nor a file of SQLite; or lease or keep is not a number of seconds > 0.
            ImportError: SQLAlchemy is not installed.
            OSError: The file cannot be created.
            sqlalchemy.exc.SQLAlchemyError, sqlite3.Error: The database cannot be reached, or the file is not a store.
        """
        # Hidden first: an error reporter that records local variables would show the password.
        given, url = [url].pop, ""
        super().__init__(lease=lease, keep=keep)
        self._engine, self._is_own = _engine(given)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._has_pipelines = (
            self._engine.dialect.driver == "psycopg" and import_module("psycopg").Pipeline.is_supported()
        )
        if not self._is_sqlite:
            self._lock_rows, self._skip_locked = " FOR UPDATE", " FOR UPDATE SKIP LOCKED"
        # SQLite has one writer: waiting for a lock is faster than connections that poll.
        self._lock = threading.Lock()
        self._began: float | None = None
        self._asked_at = self._broken_at = float("-inf")
        self._file: tuple[int, int] | None = None
        after_fork(self._reset_after_fork)
        if self._is_sqlite:
            self._run(lambda _: None)
        else:
            self._transact(self._create)

    def _create(self, execute: Execute) -> None:
        if not self._is_sqlite:
            execute("SELECT pg_advisory_xact_lock(:number)", {"number": _SCHEMA_LOCK})
        for statement in SCHEMA:
            execute(statement.format(identity=_IDENTITIES[self._engine.dialect.name]), {})
        if self._is_sqlite:
            self._began = clock_of(execute)

    def _reset_after_fork(self) -> None:
        # The parent's connections must neither be used nor closed in a child process.
        self._lock = threading.Lock()
        self._engine.dispose(close=False)

    def _now(self, execute: Execute) -> float:
        # Cached for a second, during which this machine's monotonic clock continues from the database's time.
        if not self._is_sqlite and since_boot() - self._asked_at > ASK_EVERY:
            before = since_boot()
            ask = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"
            now: float = execute(ask, {}).fetchone()[0]
            self._began = nearest(self._began, now - since_boot(), now - before)
            self._asked_at = before
        return (self._began or 0.0) + since_boot()

    def _is_gone(self, owner: str) -> bool:
        # Processes that share a server's database may be on any machine.
        return self._is_sqlite and super()._is_gone(owner)

    def _run(self, work: Callable[[Execute], T], *, is_durable: bool = True) -> T:  # noqa: ARG002 - all of it is
        if not self._is_sqlite:
            return self._transact(work)
        with self._lock:
            while True:
                if (found := self._file_id()) != self._file:
                    # Data written to a deleted or replaced file is lost.
                    self._engine.dispose()
                    if self._is_own:
                        Path(self._engine.url.database or "").touch(mode=0o600)
                    self._transact(self._create)
                    found = self._file = self._file_id()
                result = self._transact(work)
                if self._file_id() == found:
                    return result

    def _file_id(self) -> tuple[int, int] | None:
        return file_id(Path(self._engine.url.database or ""))

    def _transact(self, work: Callable[[Execute], T]) -> T:
        if self._is_sqlite:
            return self._immediate(work)
        return self._pipelined(work) if self._has_pipelines else self._plain(work)

    def _immediate(self, work: Callable[[Execute], T]) -> T:
        """Run something in a transaction of SQLite that locks the file before it reads.

        By default, the driver starts a transaction at the first write: two processes would claim the same event.
        """
        pooled = self._engine.raw_connection()
        raw: Any = pooled.driver_connection
        try:
            kept, raw.isolation_level = raw.isolation_level, None  # so that it starts none itself
            raw.execute("BEGIN IMMEDIATE")
            result = work(raw.execute)
            raw.execute("COMMIT")
            raw.isolation_level = kept
        except BaseException:
            # A signal handler may raise between any two lines: the state of the connection is unknown.
            pooled.invalidate()
            raise
        pooled.close()
        return result

    def _pipelined(self, work: Callable[[Execute], T]) -> T:
        """Run something in a transaction that sends statements together if no result is needed in between.

        An event takes 6 round trips this way, instead of 14.
        """
        pooled = self._connection()
        raw = pooled.driver_connection
        try:
            kept, raw.autocommit = raw.autocommit, True  # so that BEGIN and COMMIT are sent with the others
            with raw.pipeline() as pipeline:
                raw.execute(f"BEGIN ISOLATION LEVEL {_ISOLATION}")
                result = work(lambda statement, values: _Rows(pipeline, raw.execute(_named(statement), values)))
                raw.execute("COMMIT")
            raw.autocommit = kept
        except BaseException:
            # A signal handler may raise between any two lines: the state of the connection is unknown.
            pooled.invalidate()
            if raw.broken:
                self._broken_at = time.monotonic()
            raise
        pooled.close()
        return result

    def _connection(self) -> Any:
        """Return a connection that is newer than the last one that broke: a restart of the server breaks all of them.

        Threads may be waiting for the pool, so it stays: they would not be told of a new one.
        """
        while True:
            pooled: Any = self._engine.raw_connection()
            if pooled.info.setdefault(_SINCE, time.monotonic()) >= self._broken_at:
                return pooled
            pooled.invalidate()

    def _plain(self, work: Callable[[Execute], T]) -> T:
        try:
            with self._engine.connect().execution_options(isolation_level=_ISOLATION) as connection:
                try:
                    result = work(lambda statement, values: connection.execute(_text(statement), values))
                    connection.commit()
                except BaseException:
                    # A signal handler may raise between any two lines: the state of the connection is unknown.
                    connection.invalidate()
                    raise
                return result
        except AssertionError as error:
            # If a commit is interrupted, SQLAlchemy asserts that it has ended, which hides the exception.
            if error.__context__ is None:
                raise
            raise error.__context__ from None

    def close(self) -> None:
        """Close the connections; those of your own engine stay open."""
        if self._is_own:
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # A traceback may show a store that was not fully constructed.
        kind = f" {self._engine.dialect.name}" if "_engine" in vars(self) else ""
        return f"<{type(self).__name__}{kind}>"


def nearest(offset: float | None, lowest: float, highest: float) -> float:
    """Return the offset between two clocks that a new measurement allows and that is nearest to the previous one.

    A measurement has bounds, since the other clock was read between the request and the response. The first offset is
    the lowest: a clock that is ahead would end the leases of others too early.
    """
    return lowest if offset is None else min(max(offset, lowest), highest)


def _engine(given: Callable[[], Any]) -> tuple[sqlalchemy.Engine, bool]:
    """Return an engine, and whether it belongs to the store."""
    try:
        return _made_engine(given)
    except Exception as error:  # noqa: BLE001 - raised below, without the frames and causes that hold the URL
        failure = error.with_traceback(None)
        failure.__cause__ = failure.__context__ = None
    raise failure


def _made_engine(given: Callable[[], Any]) -> tuple[sqlalchemy.Engine, bool]:
    try:
        import sqlalchemy
    except ImportError as error:
        raise ImportError("SQLStore needs SQLAlchemy: pip install 'blooio-client[postgres]'") from error
    url: Any = given()
    engine = url if isinstance(url, sqlalchemy.Engine) else None
    made: Any = _parsed(url) if engine is None else engine.url
    if problem := _problem(made):
        reject(problem)
    if engine is not None:
        return engine, False
    if made.drivername == "postgresql":
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() != "sqlite":
        try:
            import psycopg  # noqa: F401  # pyright: ignore[reportUnusedImport]
        except ImportError as error:
            raise ImportError("SQLStore needs psycopg: pip install 'blooio-client[postgres]'") from error
        return server_engine(made, pool_size=20), True
    made = made.set(database=str(Path(made.database).absolute()))
    engine = sqlalchemy.create_engine(
        made,
        # A pool would lose a connection whenever a signal handler raises in it, until none is left.
        poolclass=sqlalchemy.NullPool,
        connect_args={"timeout": 30.0, "check_same_thread": False},
    )
    event: Any = import_module("sqlalchemy.event")
    event.listen(engine, "connect", _prepare)
    return engine, True


_URL: Final = "expected a URL such as postgresql://user:password@host/database or sqlite:///events.db"


def _problem(url: sqlalchemy.URL | None) -> str | None:
    if url is None:
        return f"url is not a database URL; {_URL}"
    if url.get_backend_name() not in _IDENTITIES or url.get_dialect().is_async:
        return f"url has the driver {url.drivername}; {_URL}"
    if has_unencoded_password(url):
        return f"{UNENCODED}; {_URL}"
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        return "url is a database in memory; use webhooks.MemoryStore()"
    return None


def _parsed(url: Any) -> sqlalchemy.URL | None:
    import sqlalchemy.exc

    try:
        return sqlalchemy.make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):  # ValueError: a port that is not a number
        return None


def _prepare(connection: Any, _: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


@cache
def _text(statement: str) -> Any:
    import sqlalchemy

    return sqlalchemy.text(statement)


@cache
def _named(statement: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", statement.replace("%", "%%"))


class _Rows:
    """The result of a statement; reading it waits for the server."""

    def __init__(self, pipeline: Any, cursor: Any) -> None:
        self._pipeline = pipeline
        self.fetchone: Callable[[], Any] = cursor.fetchone
        self.fetchall: Callable[[], Any] = cursor.fetchall
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        self._pipeline.sync()
        count: int = self._cursor.rowcount
        return count
