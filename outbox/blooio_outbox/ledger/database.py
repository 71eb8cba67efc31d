"""The ledger's database: one code path for SQLite and PostgreSQL."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
import sqlalchemy.exc
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from blooio_overrides.databases import UNENCODED, has_unencoded_password, server_engine

from ..errors import MissingExtraError, OutboxError

_POSTGRESQL = "postgresql+psycopg"
_EXPECTED = "url must be sqlite:///outbox.db or postgresql://..."
_READS = "blooio_outbox_reads"


class Database:
    """An engine, and the differences between the two databases."""

    def __init__(self, url: Callable[[], str]) -> None:
        # No local variable holds the URL when an error is raised: reporters would walk through it to the password.
        self.url: sa.URL = _parsed(url)
        if problem := _problem(self.url):
            raise OutboxError(problem)
        self.is_sqlite: bool = self.url.get_backend_name() == "sqlite"
        self.url = _completed(self.url)
        self.engine: sa.Engine = self._engine()
        self._reader = self.engine.execution_options(**{_READS: True})
        self._writing = threading.Lock()
        _databases.add(self)

    def _engine(self) -> sa.Engine:
        # Errors and logs would otherwise show texts and numbers, which are parameters of the statements.
        if self.is_sqlite:
            # Without a limit, since an interrupted thread may not give its connection back.
            try:
                engine = sa.create_engine(self.url, max_overflow=-1, hide_parameters=True)
            except ValueError:  # a part of the query, which it shows
                raise OutboxError(_EXPECTED) from None
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_immediate)
            event.listen(engine, "invalidate", _roll_back)
            return engine
        try:
            engine = server_engine(
                self.url,
                pool_size=10,
                max_overflow=20,
                pool_pre_ping=True,
                # The server's default may be stricter, and then fails where this one waits for a row.
                isolation_level="READ COMMITTED",
            )
        except ModuleNotFoundError:
            raise MissingExtraError('PostgreSQL needs psycopg: pip install "blooio-client[postgres]"') from None
        event.listen(engine, "connect", _prepare_postgresql)
        return engine

    @contextmanager
    def begin(self) -> Generator[sa.Connection]:
        """Return a read-write transaction."""
        if self.is_sqlite:
            _make_private(self.url)
        # SQLite has one writer, and waiting connections poll every 0.1 s; a lock wakes them at once.
        with self._writing if self.is_sqlite else nullcontext(), self.engine.begin() as connection:
            yield connection

    def read(self) -> AbstractContextManager[sa.Connection]:
        """Return a read-only transaction, which does not block writers."""
        if self.is_sqlite:
            _make_private(self.url)
        return self._reader.begin()

    def insert(self, table: sa.Table) -> Any:
        """Return an INSERT that supports ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def reset_after_fork(self) -> None:
        """Share neither connections nor a held lock with the parent process."""
        # Open connections would make SQLite believe that this process has the parent's locks on the file. No process
        # inherits them: the parent, once it ends, would delete the log with the messages of this process.
        self.engine.dispose(close=self.is_sqlite)
        self._writing = threading.Lock()

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()


_databases: WeakSet[Database] = WeakSet()


def _in_child() -> None:
    for each in list(_databases):
        each.reset_after_fork()


# Once, and not for each database: Python never forgets such a function.
if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=_in_child)


def _parsed(url: Callable[[], str]) -> sa.URL:
    try:
        return sa.make_url(url())
    except (sqlalchemy.exc.ArgumentError, ValueError):  # ValueError shows parts of the URL, such as the password
        return sa.URL.create("")


def _problem(url: sa.URL) -> str | None:
    backend = url.get_backend_name()
    if not backend:
        return _EXPECTED
    if backend == "postgresql":
        return UNENCODED if has_unencoded_password(url) else None
    if url.drivername != "sqlite":
        return f"url has the driver {url.drivername}; expected sqlite:/// or postgresql://"
    if url.database in (None, "", ":memory:"):
        return "url must name a file, such as sqlite:///outbox.db; memory is lost with the process"
    if "uri" in url.query:  # SQLite would parse the name itself, and everyone could read the new file
        return "url must name a file, such as sqlite:///outbox.db, and not a URI of SQLite"
    return None


def _completed(url: sa.URL) -> sa.URL:
    if url.drivername == "sqlite":
        return url.set(database=str(Path(url.database or "").absolute()))  # the process may change its directory
    return url.set(drivername=_POSTGRESQL)


def _make_private(url: sa.URL) -> None:
    """Make a new file readable only by its owner; SQLite gives its companion files the same mode."""
    path = Path(url.database or "")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy starts transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    # A transaction that reads before it writes would fail if another one wrote in between.
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _roll_back(connection: Any, _record: object, _error: object) -> None:
    connection.rollback()  # a closed connection keeps its transaction, and the lock, while it has an open cursor


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute("SET idle_in_transaction_session_timeout = '15s'")
    connection.commit()
