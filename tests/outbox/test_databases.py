"""The database of an outbox: its URL, file and tables."""

# These tests inspect the ledger behind the public API.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import datetime
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from outbox_places import MakeOutbox
from sqlalchemy import event

from blooio_client.outbox import Outbox, OutboxError, OutboxVersionError
from blooio_outbox.ledger.schema import messages, metadata, schema_version

TO = "+15550000001"


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


def test_erased_texts_are_overwritten(tmp_path: Path) -> None:
    """The file keeps no text that was erased and no pruned recipient, even if SQLite does not overwrite by default."""
    outbox = Outbox(f"sqlite:///{tmp_path / 'outbox.db'}")
    event.listen(sa.Engine, "connect", _keep_deleted)
    try:
        outbox.add(TO, "canary", key="a")
    finally:
        event.remove(sa.Engine, "connect", _keep_deleted)
    outbox.cancel(key="a")
    outbox.prune(older_than=datetime.timedelta())
    outbox.close()
    written = (tmp_path / "outbox.db").read_bytes()

    assert [private for private in (b"canary", TO.encode()) if private in written] == []


def _keep_deleted(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA secure_delete = OFF")


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


def test_a_database_with_a_stricter_isolation_level(postgresql_url: str) -> None:
    """A stricter default of the database does not matter: at that level, workers would lose outcomes to conflicts."""
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    named = f"ALTER DATABASE {sa.make_url(postgresql_url).database}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"{named} SET default_transaction_isolation = 'serializable'")
        outbox = Outbox(postgresql_url)
        with outbox._database.begin() as write, outbox._database.read() as read:
            levels = [each.scalar(sa.text("SHOW transaction_isolation")) for each in (write, read)]
        outbox.close()
        connection.exec_driver_sql(f"{named} RESET default_transaction_isolation")

    assert levels == ["read committed"] * 2


def test_a_server_that_disappears(postgresql_url: str) -> None:
    """Connections end half a minute after their server disappeared; by default, the system waits for 15 minutes."""
    outbox = Outbox(postgresql_url)
    pooled = outbox._database.engine.raw_connection()
    connection: Any = pooled.driver_connection
    settings = connection.info.get_parameters()
    pooled.close()
    outbox.close()

    assert (settings["keepalives_idle"], settings["tcp_user_timeout"]) == ("15", "30000")


def test_the_models_agree_with_the_tables(url: str, make_outbox: MakeOutbox) -> None:
    """The migrated tables match the code's schema."""
    make_outbox()
    inspector = sa.inspect(sa.create_engine(url, poolclass=sa.NullPool))

    assert {name for name in inspector.get_table_names() if name.startswith("blooio_outbox_")} == set(metadata.tables)
    assert {column["name"] for column in inspector.get_columns(messages.name)} == set(messages.c.keys())


def test_an_outbox_shows_nothing_private(outbox: Outbox) -> None:
    """The repr of an outbox shows neither password nor path."""
    assert repr(outbox) in ("<Outbox sqlite>", "<Outbox postgresql>")
