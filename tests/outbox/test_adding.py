"""Messages are added once, and invalid rows are reported."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from outbox_places import MakeOutbox
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from blooio_client import InvalidArgumentError
from blooio_client.outbox import Added, Outbox, OutboxConflictError, OutboxError, OutboxRowError, OutboxVersionError
from blooio_client.types import UNSET
from blooio_outbox.ledger.add import parameter_marks
from blooio_outbox.ledger.schema import messages, metadata, schema_version

TO = "+15550000001"
LONG = hashlib.shake_128(b"").hexdigest(1001)  # that it cannot be compressed matters to PostgreSQL
DAY = datetime.timedelta(days=1)
SOON = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)


class Nowhere(datetime.tzinfo):
    """A time zone that does not know its offset."""

    def utcoffset(self, _moment: datetime.datetime | None) -> None:
        """Return no offset."""

    dst = tzname = utcoffset


def test_a_key_is_added_once(outbox: Outbox) -> None:
    """Adding the same message again changes nothing."""
    assert outbox.add(TO, "Hi", key="a")
    assert not outbox.add(TO, "Hi", key="a")
    assert outbox.progress().counts == {"waiting": 1}


@pytest.mark.parametrize(
    "other",
    [{"text": "Ho"}, {"to": "+15550000002"}, {"from_number": "+15559990000"}, {"format": "markdown"}],
    ids=["text", "to", "number", "format"],
)
def test_a_key_stands_for_one_message(outbox: Outbox, other: dict[str, str]) -> None:
    """A known key with another text, recipient, number or format raises an error, and nothing of the batch is added."""
    outbox.add(TO, "Hi", key="a")
    rows = [{"to": "+15550000009", "text": "new", "key": "b"}, {"to": TO, "text": "Hi", "key": "a", **other}]
    with pytest.raises(OutboxConflictError, match="row 1: the key") as raised:
        outbox.add_many(rows)

    assert raised.value.row == 1
    assert outbox.progress().total == 1


def test_two_messages_under_one_key_in_one_batch(outbox: Outbox) -> None:
    """Rows with the same key within a batch are compared, too."""
    with pytest.raises(OutboxConflictError, match="row 1"):
        outbox.add_many([{"to": TO, "text": "Hi", "key": "a"}, {"to": TO, "text": "Ho", "key": "a"}])

    assert outbox.progress().total == 0


def test_a_campaign_has_one_message_for_each_recipient(outbox: Outbox) -> None:
    """Without a key, campaign and recipient form the key, and another campaign adds another message."""
    rows = [{"to": TO, "text": "Hi"}, {"to": TO, "text": "Hi"}]

    assert outbox.add_many(rows, campaign="spring") == Added(new=1, known=1)
    assert outbox.add_many(rows[:1], campaign="summer") == Added(new=1)
    assert outbox.add([TO, "+15550000002"], "Hi", campaign="spring")
    assert not outbox.add(["+15550000002", TO], "Hi", campaign="spring")


BAD_ROWS: list[tuple[Any, str]] = [
    ({"text": "Hi", "key": "k"}, "to is missing"),
    ({"to": "", "text": "Hi", "key": "k"}, "to is missing"),
    ({"to": "(555) 123-4567", "text": "Hi", "key": "k"}, "E.164 format"),
    ({"to": TO, "key": "k"}, "text must be"),
    ({"to": TO, "text": " ", "key": "k"}, "text must be"),
    ({"to": TO, "text": "\ud800", "key": "k"}, "surrogate"),
    ({"to": TO, "text": "a\0b", "key": "k"}, "NUL"),
    ({"to": TO, "text": "Hi"}, "pass key="),
    ({"to": TO, "text": "Hi", "key": ""}, "key must be"),
    ({"to": TO, "text": "Hi", "key": "a\nb"}, "key must be"),
    ({"to": TO, "text": "Hi", "key": 7}, "key must be"),
    ({"to": TO, "text": "Hi", "key": "k", "from_number": "5551"}, "from_number must be"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": datetime.datetime(2027, 1, 1)}, "not_before must be aware"),  # noqa: DTZ001
    ({"to": TO, "text": "Hi", "key": "k", "not_before": 7}, "not_before must be a datetime"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": SOON.replace(tzinfo=Nowhere())}, "not_before must be aware"),
    ({"to": TO, "text": "Hi", "key": LONG}, "key is too long; expected at most 2,000 bytes"),
    ({"to": f"{LONG}@example.com", "text": "Hi", "key": "k"}, "to is too long"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": SOON, "not_after": SOON}, "not_after must be"),
    (
        {"to": TO, "text": "Hi", "key": "k", "not_before": SOON - 2 * DAY, "not_after": SOON - DAY},
        "not_after must be in the future",
    ),
    ({"to": TO, "text": "Hi", "key": "k", "not_after": SOON - DAY}, "not_after"),
    ({"to": TO, "text": "Hi", "key": "k", "zone": "Mars/Base"}, "is not a time zone"),
    ({"to": TO, "text": "Hi", "key": "k", "zone": 1}, "zone must be"),
    ({"to": TO, "text": "Hi", "key": "k", "quiet_hours": "night"}, "quiet_hours must"),
    ({"to": TO, "text": "Hi", "key": "k", "sender": "me"}, "unknown fields sender"),
    ({"to": {"x": 1}, "text": "Hi", "key": "k"}, "the chat id"),
    ({"to": [{"x": 1}], "text": "Hi", "key": "k"}, "the chat id"),
    ({"to": TO, "text": "Hi", "key": "k", "from_number": 0}, "from_number must be"),
    ({"to": TO, "text": "Hi", "key": "k", "format": "html"}, "format must be 'plain' or 'markdown'"),
    ({"to": TO, "text": "Hi", "key": "k", "format": 1}, "format"),
    ({"to": TO, "text": "**a** " * 257, "key": "k", "format": "markdown"}, "257 formatted ranges"),
    ([TO, "Hi"], "a row must be a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "says"), BAD_ROWS)
def test_a_bad_row_is_named(open_outbox: Callable[[str], Outbox], sqlite_url: str, row: Any, says: str) -> None:
    """The error names the row and what is expected, and nothing of its batch is added."""
    outbox = open_outbox(sqlite_url)
    good = {"to": TO, "text": "Hi", "key": "good"}
    with pytest.raises(OutboxRowError, match=f"row 1: .*{says}") as raised:
        outbox.add_many([good, row])

    assert raised.value.row == 1
    assert pickle.loads(pickle.dumps(raised.value)).row == 1  # noqa: S301 - our own
    assert outbox.progress().total == 0


def test_bad_rows_can_be_collected(outbox: Outbox) -> None:
    """With `on_error="collect"`, valid rows are added and invalid ones returned with their positions."""
    outbox.add(TO, "Hi", key="a")
    rows = [
        {"to": TO, "text": "", "key": "b"},
        {"to": TO, "text": "Hi", "key": "a"},
        {"to": TO, "text": "Ho", "key": "a"},
        {"to": TO, "text": "Hi", "key": "c"},
    ]
    added = outbox.add_many(rows, on_error="collect")

    assert (added.new, added.known, [bad.row for bad in added.bad]) == (1, 1, [0, 2])
    assert outbox.add_many(rows[:1], on_error="collect").bad[0].row == 0


def test_rows_beyond_the_first_batch_have_their_own_position(outbox: Outbox) -> None:
    """An invalid row is reported by its position in all rows, and the batches before it are added."""
    rows = [{"to": f"+1555{number:07}", "text": "Hi"} for number in range(1200)]
    with pytest.raises(OutboxRowError, match="row 1200"):
        outbox.add_many([*rows, {"to": TO}], campaign="c")

    assert outbox.progress().total == 1000
    assert outbox.add_many(rows, campaign="c") == Added(new=200, known=1000)


@pytest.mark.parametrize("campaign", ["", "a\0b", "\ud800", 7])
def test_a_campaign_needs_a_name_that_can_be_stored(outbox: Outbox, campaign: Any) -> None:
    """An invalid campaign raises an error, and nothing is added."""
    with pytest.raises(InvalidArgumentError, match="campaign must be a printable str"):
        outbox.add_many([{"to": TO, "text": "Hi", "key": "a"}], campaign=campaign)

    assert outbox.progress().total == 0


def test_plain_is_the_default_format(outbox: Outbox) -> None:
    """Passing the default format does not make another message."""
    assert outbox.add(TO, "Hi", key="a")
    assert not outbox.add(TO, "Hi", key="a", format="plain")


def test_an_email_address_is_one_recipient_however_it_is_capitalized(outbox: Outbox) -> None:
    """The same campaign reaches the same address once."""
    assert outbox.add("Ann@Example.com", "Hi", campaign="spring")
    assert not outbox.add("ann@example.com", "Hi", campaign="spring")


def test_an_unknown_on_error(outbox: Outbox) -> None:
    """Any `on_error` but "raise" and "collect" raises an error."""
    with pytest.raises(InvalidArgumentError, match="on_error must be"):
        outbox.add_many([], on_error="ignore")  # type: ignore[arg-type]


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


def test_quiet_hours_of_one_message(outbox: Outbox, url: str) -> None:
    """With quiet_hours=None, a message is sent at any time; by default, the outbox's quiet hours apply."""
    for key, hours in (("a", UNSET), ("b", None), ("c", ("20:00", "9:00"))):
        outbox.add(TO, "Hi", key=key, quiet_hours=hours)
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        found = connection.scalars(sa.select(messages.c.quiet_hours).order_by(messages.c.id)).all()

    assert found == [None, "", "20:00-09:00"]


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """The file is readable only by its owner."""
    outbox = Outbox(f"sqlite:///{tmp_path / 'outbox.db'}")
    outbox.add(TO, "Hi", key="a")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {"outbox.db", "outbox.db-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}
    outbox.close()


def test_a_file_that_is_first_read(tmp_path: Path) -> None:
    """A new file is private even if the first operation only reads."""
    outbox = Outbox(f"sqlite:///{tmp_path / 'outbox.db'}")

    assert outbox.progress().total == 0
    assert stat.S_IMODE((tmp_path / "outbox.db").stat().st_mode) == 0o600
    outbox.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://host/db", "expected sqlite"),
        ("sqlite+aiosqlite:///outbox.db", "expected sqlite"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file:outbox.db?uri=true", "must name a file"),
        ("nonsense", "url must be"),
    ],
)
def test_unsupported_databases(url: str, says: str) -> None:
    """An unsupported URL raises an error that says what is expected."""
    with pytest.raises(OutboxError, match=says):
        Outbox(url)


@pytest.mark.parametrize("pace", [0, -1, float("nan"), float("inf"), True, "10"])
def test_invalid_paces(tmp_path: Path, pace: Any) -> None:
    """A pace that is neither a number above zero nor None raises an error."""
    with pytest.raises(InvalidArgumentError, match="per_minute must be"):
        Outbox(f"sqlite:///{tmp_path / 'o.db'}", per_minute=pace)


def test_tables_are_migrated_once(make_outbox: MakeOutbox) -> None:
    """Migrating twice changes nothing."""
    outbox = make_outbox()
    outbox.migrate()
    outbox.add(TO, "Hi", key="a")
    make_outbox().migrate()

    assert outbox.progress().total == 1


def test_tables_of_a_newer_release(make_outbox: MakeOutbox, url: str) -> None:
    """Tables of a newer release are rejected and not changed."""
    make_outbox()
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.update(schema_version).values(version=99))

    fresh = Outbox(url)
    with pytest.raises(OutboxVersionError, match="have version 99"):
        fresh.progress()
    with pytest.raises(OutboxVersionError, match="upgrade blooio-client"):
        fresh.migrate()
    fresh.close()


def test_postgresql_is_migrated_on_purpose(postgresql_url: str) -> None:
    """A worker that starts does not migrate a shared database."""
    outbox = Outbox(postgresql_url)
    with pytest.raises(OutboxVersionError, match=r"call outbox\.migrate\(\) once"):
        outbox.progress()
    outbox.migrate()

    assert outbox.progress().total == 0
    outbox.close()
    worker = Outbox(postgresql_url)
    assert worker.progress().total == 0
    worker.close()


def test_the_models_agree_with_the_tables(url: str, make_outbox: MakeOutbox) -> None:
    """The migrated tables match the code's schema."""
    make_outbox()
    inspector = sa.inspect(sa.create_engine(url, poolclass=sa.NullPool))

    assert {name for name in inspector.get_table_names() if name.startswith("blooio_outbox_")} == set(metadata.tables)
    assert {column["name"] for column in inspector.get_columns(messages.name)} == set(messages.c.keys())


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(outbox: Outbox) -> None:
    """After a fork, parent and child both add messages."""
    outbox.add(TO, "Hi", key="parent")
    child = os.fork()
    if child == 0:  # pragma: no cover - the child's result is checked in the ledger
        try:
            outbox.add(TO, "Hi", key="child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    outbox.add(TO, "Hi", key="parent again")

    assert {each.key for each in outbox.outcomes()} == {"parent", "child", "parent again"}


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_outlives_its_parent(sqlite_url: str) -> None:
    """What a forked child adds is kept if its parent, such as the starter of a daemon, closes the file first."""
    outbox = Outbox(sqlite_url)
    outbox.add(TO, "Hi", key="parent")
    is_open, close = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child's result is checked in the ledger
        try:
            outbox.add(TO, "Hi", key="child")
            os.write(is_open[1], b"!")
            os.read(close[0], 1)
            outbox.add(TO, "Hi", key="child again")
        finally:
            os._exit(0)
    os.read(is_open[0], 1)
    outbox.close()
    os.write(close[1], b"!")
    os.waitpid(child, 0)
    for end in (*is_open, *close):
        os.close(end)

    assert {each.key for each in outbox.outcomes()} == {"parent", "child", "child again"}
    outbox.close()


def test_a_message_for_the_end_of_time(outbox: Outbox) -> None:
    """A message that is held back with the latest datetime can be listed."""
    latest = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    outbox.add(TO, "Hi", key="a", not_before=latest)

    assert [each.due for each in outbox.outcomes()] == [latest.replace(microsecond=0)]


def test_outboxes_that_are_gone_cost_nothing_at_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outbox registers no function that Python would call at each fork, and could never remove."""
    registered: list[object] = []

    def register(**functions: object) -> None:
        registered.append(functions)

    monkeypatch.setattr(os, "register_at_fork", register)
    Outbox(f"sqlite:///{tmp_path / 'outbox.db'}")

    assert registered == []


def test_a_process_that_changes_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is relative to where the outbox was created: a daemon changes its directory afterwards."""
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    for folder in (there, elsewhere):
        folder.mkdir()
    monkeypatch.chdir(there)
    outbox = Outbox("sqlite:///outbox.db")
    monkeypatch.chdir(elsewhere)
    outbox.add(TO, "Hi", key="a")
    outbox.close()

    assert (there / "outbox.db").exists()
    assert list(elsewhere.iterdir()) == []


def test_an_outbox_shows_nothing_private(outbox: Outbox) -> None:
    """The repr of an outbox shows neither password nor path."""
    assert repr(outbox) in ("<Outbox sqlite>", "<Outbox postgresql>")
