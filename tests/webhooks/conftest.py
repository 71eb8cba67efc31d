"""Each kind of store."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import postgres_server
import pytest

from blooio_overrides.webhooks import MemoryStore, SQLiteStore, SQLStore

POSTGRES = pytest.param(
    "postgres",
    marks=[pytest.mark.postgres, pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)],
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be."""
    return tmp_path / "events.db"


@contextmanager
def opened(kind: str, path: Path) -> Generator[Any]:
    """Open an empty store."""
    if kind == "postgres":
        with postgres_server.database() as url, SQLStore(url) as store:
            yield store
        return
    makers: dict[str, Any] = {
        "memory": MemoryStore,
        "file": lambda: SQLiteStore(path),
        "sqlalchemy": lambda: SQLStore(f"sqlite:///{path}"),
    }
    with makers[kind]() as store:
        yield store


@pytest.fixture(params=["memory", "file", "sqlalchemy", POSTGRES])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Any]:
    """Each kind of store."""
    with opened(request.param, path) as store:
        yield store
