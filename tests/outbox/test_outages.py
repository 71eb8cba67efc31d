"""What an outage of Blooio or of the database leaves behind."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from blooio_client.outbox import Outbox
from blooio_outbox.ledger.schema import db_now, messages

MOST_PARAMETERS = 65_535
"""The most parameters that a statement may have on PostgreSQL; SQLite allows half as many by default."""


def _limit_parameters(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):  # Debian's SQLite allows more
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST_PARAMETERS // 2)


def test_more_retries_than_parameters(outbox: Outbox) -> None:
    """Messages are planned however many others wait for a retry after an outage."""
    event.listen(outbox._database.engine, "connect", _limit_parameters)
    outbox.close()  # so that new connections are made
    rows = ({"to": f"+1555{index:07}", "text": "Hi"} for index in range(MOST_PARAMETERS + 2))
    outbox.add_many(rows, campaign="c")
    tried = sa.update(messages).where(messages.c.id <= MOST_PARAMETERS + 1)
    with outbox._database.begin() as tx:
        tx.execute(tried.values(state="retrying", attempts=9, first_attempt=db_now(), due=db_now() + 600))

    assert len(outbox.plan()) == 1
