"""What an outage of Blooio or of the database leaves behind."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
import sqlalchemy.exc
from outbox_runs import sent_keys
from sqlalchemy import event

from blooio_client import AsyncBlooio, Blooio
from blooio_client.outbox import Outbox
from blooio_outbox import deliver
from blooio_outbox.ledger.record import record
from blooio_outbox.ledger.schema import db_now, messages
from blooio_sandbox import Sandbox

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


def _away(*_: object) -> Any:
    raise sqlalchemy.exc.OperationalError("SELECT 1", {}, RuntimeError("away"))


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_database_that_restarts_during_a_send(
    outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The outcome is recorded once the database is back; the message need not be sent again under the same key."""
    attempts = iter([_away, _away])

    def record_at_last(*given: Any) -> Any:
        return next(attempts, record)(*given)

    monkeypatch.setattr(deliver, "record", record_at_last)
    outbox.add("+15550000001", "Hi", key="a")

    async def work() -> None:
        async with AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url) as client:
            await outbox.arun(client, until_empty=True)

    if kind == "async":
        asyncio.run(work())
    else:
        with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
            outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"sent": 1}
    assert len(sent_keys(sandbox)) == 1


def test_a_database_that_stays_away(outbox: Outbox, client: Blooio, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the outcome cannot be recorded for a while, the message is sent again under the same key after its lease."""
    monkeypatch.setattr(deliver, "record", _away)
    monkeypatch.setattr(deliver, "_RECORD_FOR", 0.0)
    outbox.add("+15550000001", "Hi", key="a")
    (planned,) = outbox.plan()
    with pytest.raises(sqlalchemy.exc.OperationalError):
        outbox.deliver(planned.id, client)

    assert outbox.progress().counts == {"sending": 1}
