"""The version of the tables; migrations only go forward."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Final

import sqlalchemy as sa

from ..errors import OutboxVersionError
from .database import Database
from .schema import metadata, schema_version

# Step i migrates from version i to i + 1. Never change a step after a release: tables of that version exist.
STEPS: Final[tuple[Callable[[sa.Connection], None], ...]] = (metadata.create_all,)
VERSION: Final = len(STEPS)
_LOCK: Final = 724_002_016
"""The key of the lock that keeps two processes from migrating at once."""


def migrate(database: Database) -> int:
    """Create the tables, or migrate them to this release's version; return their previous version.

    Raises:
        OutboxVersionError: A newer release has already migrated them.
    """
    with database.begin() as tx:
        if not database.is_sqlite:
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = _version(tx)
        if found > VERSION:
            raise OutboxVersionError(_too_new(found))
        for step in STEPS[found:]:
            step(tx)
        if found < VERSION:
            tx.execute(sa.delete(schema_version))
            tx.execute(sa.insert(schema_version).values(version=VERSION))
    return found


def check(database: Database, connection: sa.Connection | None = None) -> None:
    """Check that the tables have this release's version; a SQLite file is migrated automatically.

    Args:
        database: The database.
        connection: The caller's connection. Its transaction may hold SQLite's write lock, for which a migration would
            wait until it times out.

    Raises:
        OutboxVersionError: They have another version and were not migrated.
    """
    if database.is_sqlite and connection is None:
        migrate(database)
        return
    with database.begin() if connection is None else nullcontext(connection) as tx:
        found = _version(tx)
    if found > VERSION:
        raise OutboxVersionError(_too_new(found))
    if found < VERSION:
        raise OutboxVersionError(f"the outbox's tables have version {found}, not {VERSION}: call outbox.migrate() once")


def _version(tx: sa.Connection) -> int:
    if not sa.inspect(tx).has_table(schema_version.name):
        return 0
    return tx.scalar(sa.select(schema_version.c.version)) or 0


def _too_new(found: int) -> str:
    return f"the outbox's tables have version {found}, this release needs {VERSION}: upgrade blooio-client"
