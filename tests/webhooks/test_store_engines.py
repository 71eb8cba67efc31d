"""Database URLs and SQLAlchemy engines that a store accepts, and how it treats them."""

from __future__ import annotations

import sqlite3
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from webhook_stores import lone, transact

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import SQLStore


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("mysql://user:canary@localhost/x", "the driver mysql;"),
        ("postgres://user:canary@localhost/x", "the driver postgres;"),
        ("postgresql+asyncpg://user:canary@localhost/x", "the driver postgresql[+]asyncpg;"),
        ("sqlite+aiosqlite:///canary.db", "the driver sqlite[+]aiosqlite;"),
        ("postgresql://user:a@canary@localhost/x", "unencoded @"),
        *((url, "not a database URL") for url in ("canary.db", "", None, "postgresql://user:canary@localhost:port/x")),
    ],
)
def test_databases_of_other_kinds_raise(url: Any, match: str) -> None:
    """A URL of another database or an async driver, or an invalid one, raises an error with the expected forms."""
    with pytest.raises(InvalidArgumentError, match=f"{match}.* postgresql://.* sqlite:///") as caught:
        SQLStore(url)
    assert "canary" not in str(caught.value)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert "canary" not in "".join(repr(value) for frame in frames for value in frame.f_locals.values())


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", sqlalchemy.create_engine("sqlite://")])
def test_a_database_in_memory_raises(url: Any) -> None:
    """A database in memory, which SQLAlchemy creates anew for each thread, raises an error."""
    with pytest.raises(InvalidArgumentError, match=r"MemoryStore\(\)"):
        SQLStore(url)


def test_an_engine_of_your_own_stays_open(path: Path) -> None:
    """A store does not close the connections of an engine that was passed in."""
    import sqlalchemy

    with SQLStore(f"sqlite:///{path}") as first:
        engine = vars(first)["_engine"]
        with SQLStore(engine) as second:
            second.add([lone("one")])
        assert engine.pool.status()
        assert [claim.key for claim in iter(first.claim, None)] == ["one"]
    assert isinstance(engine, sqlalchemy.Engine)


@pytest.mark.parametrize("options", [{}, {"isolation_level": "AUTOCOMMIT"}])
def test_an_engine_of_your_own_locks_before_it_reads(path: Path, options: dict[str, Any]) -> None:
    """A transaction locks the file before it reads, so no two processes claim one event; the engine stays as it was."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0, **options)

    def isolation_level() -> Any:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return driver.isolation_level

    kept = isolation_level()

    def write_elsewhere(_: Any) -> None:
        with closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

    with SQLStore(engine) as store, pytest.raises(sqlite3.OperationalError, match="locked"):
        transact(store, write_elsewhere)
    assert isolation_level() == kept
    engine.dispose()
