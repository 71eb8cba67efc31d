"""A message can be added in the caller's own transaction."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from blooio_client import InvalidArgumentError
from blooio_client.outbox import Outbox, OutboxConflictError, OutboxVersionError
from blooio_outbox.ledger.add import parameter_marks

TO = "+15550000001"


def test_an_add_takes_part_in_the_callers_transaction(outbox: Outbox, url: str) -> None:
    """A booking and its reminder are committed together, or neither is."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bookings (id INTEGER)"))
    with engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO bookings VALUES (1)"))
        assert outbox.add(TO, "Hi", key="booking:1", connection=connection)
        connection.rollback()

    assert outbox.progress().total == 0

    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO bookings VALUES (1)"))
        outbox.add(TO, "Hi", key="booking:1", connection=connection)

    assert outbox.progress().total == 1


def test_a_first_add_does_not_wait_for_the_callers_transaction(outbox: Outbox, url: str) -> None:
    """A new process may add a message inside a transaction that has already written."""
    engine, fresh = sa.create_engine(url, poolclass=sa.NullPool), Outbox(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bookings (id INTEGER)"))
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO bookings VALUES (1)"))
        assert fresh.add(TO, "Hi", key="booking:1", connection=connection)
    fresh.close()

    assert outbox.progress().total == 1


def test_a_first_add_in_a_transaction_needs_the_tables(url: str) -> None:
    """The tables are not created inside the caller's transaction."""
    fresh, engine = Outbox(url), sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection, pytest.raises(OutboxVersionError, match=r"call outbox\.migrate\(\) once"):
        fresh.add(TO, "Hi", key="a", connection=connection)
    fresh.close()


@pytest.mark.parametrize("key", ["old", "new"])
def test_a_conflict_adds_nothing_to_the_callers_transaction(outbox: Outbox, url: str, key: str) -> None:
    """If the caller handles a conflict and commits, nothing of the batch is added, as without a connection."""
    outbox.add(TO, "Hi", key="old")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        rows = [{"to": TO, "text": "Hi", "key": "new"}, {"to": TO, "text": "Ho", "key": key}]
        with pytest.raises(OutboxConflictError, match="row 1"):
            outbox.add_many(rows, connection=connection)

    assert [each.key for each in outbox.outcomes()] == ["old"]


@pytest.mark.parametrize(
    ("driver", "marks"),
    [("psycopg", ["%s", "%s"]), ("psycopg2", ["%s", "%s"]), ("asyncpg", ["$1", "$2"])],
)
def test_an_add_uses_the_marks_of_the_callers_driver(driver: str, marks: list[str]) -> None:
    """A connection of an AsyncSession may be asyncpg's, whose parameters are numbered."""
    dialect: Any = sa.make_url(f"postgresql+{driver}://").get_dialect()

    assert parameter_marks(dialect.default_paramstyle, 2) == marks


def test_an_add_in_an_async_session(postgresql_url: str) -> None:
    """A message can be added through the connection that an AsyncSession runs on."""
    outbox = Outbox(postgresql_url)
    outbox.migrate()

    async def book() -> None:
        engine = create_async_engine(postgresql_url, poolclass=sa.NullPool)
        async with AsyncSession(engine) as session:
            await session.run_sync(lambda sync: outbox.add(TO, "Hi", key="a", connection=sync.connection()))
            await session.commit()

    asyncio.run(book())
    assert outbox.progress().total == 1
    outbox.close()


def test_a_session_is_not_a_connection(outbox: Outbox) -> None:
    """The error says what to pass instead of an ORM session."""
    with pytest.raises(InvalidArgumentError, match=r"not Session; for a session, pass session\.connection\(\)"):
        outbox.add(TO, "Hi", key="a", connection=Session())  # type: ignore[arg-type]


def test_an_add_in_an_orm_session(outbox: Outbox, url: str) -> None:
    """A message can be added through the connection of an ORM session."""
    with Session(sa.create_engine(url, poolclass=sa.NullPool)) as session:
        outbox.add(TO, "Hi", key="a", connection=session.connection())
        session.rollback()
        outbox.add(TO, "Hi", key="b", connection=session.connection())
        session.commit()

    assert [each.key for each in outbox.outcomes()] == ["b"]
