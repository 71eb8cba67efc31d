"""Outboxes for tests, in a SQLite file or a database of a real PostgreSQL."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from blooio_client.outbox import Outbox


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
