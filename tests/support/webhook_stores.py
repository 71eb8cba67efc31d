"""Each kind of store, to test what all of them do."""

from __future__ import annotations

from collections.abc import Generator
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
STORES = ["memory", "file", "sqlalchemy", POSTGRES]


@contextmanager
def opened(kind: str, path: Path, *, capacity: int = 10_000) -> Generator[Any]:
    """Open an empty store; `capacity` is that of a store in memory."""
    if kind == "postgres":
        with postgres_server.database() as url, SQLStore(url) as store:
            yield store
        return
    makers: dict[str, Any] = {
        "memory": lambda: MemoryStore(capacity=capacity),
        "file": lambda: SQLiteStore(path),
        "sqlalchemy": lambda: SQLStore(f"sqlite:///{path}"),
    }
    with makers[kind]() as store:
        yield store
