"""The version of the tables: forward only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from ..errors import OutboxVersionError
from .database import Database
from .schema import metadata, schema_version

# Step i leads from version i to i + 1. A step is never changed after a release: tables of that version exist.
STEPS: Final[tuple[Callable[[sa.Connection], None], ...]] = (metadata.create_all,)
VERSION: Final = len(STEPS)
_LOCK: Final = 724_002_016
"""Names the lock that two migrating processes compete for."""


def migrate(database: Database) -> int:
    """Create the tables, or bring them to this release's version; return the version that they had.

    Raises:
        OutboxVersionError: A newer release has migrated them.
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


def check(database: Database) -> None:
    """Check that the tables have this release's version; a file of SQLite is migrated.

    Raises:
        OutboxVersionError: They do not, and are not.
    """
    if database.is_sqlite:
        migrate(database)
        return
    with database.begin() as tx:
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
    return f"the outbox's tables have version {found}, this release works with {VERSION}: upgrade blooio-client"
