"""PostgreSQL only: statements that are sent together, restarts of the server, and the server's clock."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import postgres_server
import psycopg
import pytest
import sqlalchemy
from webhook_stores import entry, transact

from blooio_overrides.webhooks import Entry, SQLStore
from blooio_overrides.webhooks.stores.database import nearest

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING),
]


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database."""
    with postgres_server.server().database() as url:
        yield url


def at(place: Any) -> Any:
    """Open a store, untyped so that tests can use its internals."""
    return SQLStore(place)


def run(store: Any, statement: str) -> Any:
    """Run a statement in a transaction of a store, and return the first value of its result."""

    def first(execute: Any) -> Any:
        return execute(statement, {}).fetchone()[0]

    return transact(store, first)


def test_an_interruption_rolls_back(url: str) -> None:
    """After an interruption, neither the statements already sent nor the pending ones take effect."""

    def interrupted(execute: Any) -> None:
        execute("INSERT INTO blooio_webhook_chats (chat, ready) VALUES (:chat, 0)", {"chat": "sent"})
        assert execute("SELECT count(*) FROM blooio_webhook_chats", {}).fetchone() == (1,)
        execute("INSERT INTO blooio_webhook_chats (chat, ready) VALUES (:chat, 0)", {"chat": "waiting"})
        raise KeyboardInterrupt

    with at(url) as store:
        with pytest.raises(KeyboardInterrupt):
            transact(store, interrupted)
        assert run(store, "SELECT count(*) FROM blooio_webhook_chats") == 0


def test_an_error_of_an_unread_statement_is_raised(url: str) -> None:
    """A statement whose result is never read raises its error at the commit at the latest."""
    statement = "INSERT INTO blooio_webhook_chats (chat, ready) VALUES ('a', NULL)"
    with at(url) as store:
        with pytest.raises(psycopg.errors.NotNullViolation):
            transact(store, lambda execute: execute(statement, {}))
        assert store.add([entry("a")]) == 1


def test_a_server_that_disappears(url: str) -> None:
    """Connections end half a minute after their server disappeared; by default, the system waits for 15 minutes."""
    with at(url) as store:
        pooled = store._engine.raw_connection()
        settings = pooled.driver_connection.info.get_parameters()
        pooled.close()

    assert (settings["keepalives_idle"], settings["tcp_user_timeout"]) == ("15", "30000")


def test_a_restart_of_the_server_costs_one_failure(url: str) -> None:
    """Once one connection is found broken, the pool replaces all of them."""
    others = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
    )
    with at(url) as store, psycopg.connect(url, autocommit=True) as connection:
        # Opens two connections: one transaction runs inside the other.
        assert transact(store, lambda _: run(store, "SELECT 1")) == 1
        ended = connection.execute(others, [connection.info.dbname]).fetchall()
        assert ended == [(True,), (True,)]
        with pytest.raises(psycopg.OperationalError):
            store.add([entry("a")])
        assert transact(store, lambda _: store.add([entry("a")])) == 1


def test_a_restart_of_the_server_holds_nobody_up(url: str) -> None:
    """A thread that waits for a connection of the pool gets a new one when the only one breaks."""
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"), pool_size=1, max_overflow=0, pool_timeout=10.0
    )
    with at(engine) as store, psycopg.connect(url, autocommit=True) as connection, ThreadPoolExecutor(1) as pool:
        waiting: list[Future[int]] = []

        def break_off(execute: Any) -> None:
            (own,) = execute("SELECT pg_backend_pid()", {}).fetchone()
            waiting.append(pool.submit(store.add, [entry("a")]))
            Event().wait(0.1)  # so that the thread does wait
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
            execute("SELECT 1", {}).fetchone()

        with pytest.raises(psycopg.OperationalError):
            transact(store, break_off)
        assert waiting[0].result() == 1
    engine.dispose()


def test_renewals_do_not_deadlock_with_deliveries(url: str) -> None:
    """A renewal of several leases never holds one chat while it waits for another, as a delivery may do."""
    lock = "SELECT FROM blooio_webhook_chats WHERE chat = %s FOR UPDATE"
    waits = "SELECT FROM pg_locks WHERE NOT granted"
    with at(url) as store, psycopg.connect(url) as other, psycopg.connect(url, autocommit=True) as watch:
        store.add([Entry("a", "one", "{}"), Entry("b", "two", "{}")])
        first, second = sorted([store.claim(), store.claim()], key=lambda claim: str(claim.ticket))
        other.execute(lock, [second.chat])
        with ThreadPoolExecutor() as pool:
            renewal = pool.submit(store.renew, [first.ticket, second.ticket])
            while watch.execute(waits).fetchone() is None:
                pass
            other.execute(lock, [first.chat])
            other.commit()

            assert renewal.result() is None


@pytest.mark.parametrize("has_pipelines", [True, False])
@pytest.mark.parametrize("level", ["READ COMMITTED", "SERIALIZABLE", "AUTOCOMMIT"])
def test_an_engine_of_your_own_stays_as_it_was(url: str, level: str, has_pipelines: bool) -> None:
    """A store has transactions of its own, and leaves a user's engine as it was, with or without pipelines."""
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"), pool_size=1, isolation_level=level
    )
    with at(engine) as store:
        store._has_pipelines = has_pipelines
        assert store.add([entry("a"), entry("a")]) == 1
        assert run(store, "SHOW transaction_isolation") == "read committed"
        claim = store.claim()
        assert claim is not None
        store.finish(claim)
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            assert driver.autocommit is (level == "AUTOCOMMIT")
            assert connection.scalar(sqlalchemy.text("SELECT state FROM blooio_webhook_events")) == 2

        def interrupted(execute: Any) -> None:
            execute("DELETE FROM blooio_webhook_events", {})
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            transact(store, interrupted)
        assert run(store, "SELECT count(*) FROM blooio_webhook_events") == 1
    engine.dispose()


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), AssertionError()])
def test_an_interrupted_commit(url: str, monkeypatch: pytest.MonkeyPatch, raised: BaseException) -> None:
    """Without pipelines, an exception that interrupts SQLAlchemy's commit is raised unchanged."""

    def interrupt(_: object) -> None:
        raise raised

    with at(url) as store:
        store._has_pipelines = False
        with monkeypatch.context() as patched:
            patched.setattr(sqlalchemy.engine.base.RootTransaction, "_do_commit", interrupt)
            with pytest.raises(type(raised)) as caught:
                store.add([entry("a")])

        assert caught.value is raised
        assert store.add([entry("a")]) == 1


def test_a_failed_assertion_is_raised_unchanged(url: str) -> None:
    """An AssertionError raised within a transaction, not by SQLAlchemy's commit, is raised unchanged."""

    def fail(_: Any) -> None:
        raise AssertionError("mine")

    with at(url) as store:
        store._has_pipelines = False
        with pytest.raises(AssertionError, match="mine"):
            transact(store, fail)


@pytest.mark.parametrize("has_pipelines", [True, False])
def test_an_error_shows_no_values(url: str, has_pipelines: bool) -> None:
    """The error of a failed statement, which `receiver.drain()` raises, does not show its values, such as a chat."""
    with at(url) as store:
        store._has_pipelines = has_pipelines
        with pytest.raises(Exception, match="division by zero") as caught:
            transact(store, lambda execute: execute("SELECT 1 / 0 WHERE :chat <> ''", {"chat": "canary"}).fetchone())
        assert "canary" not in str(caught.value)


def test_the_time_is_never_ahead_of_the_servers(url: str) -> None:
    """Even with slow responses, the clock is never ahead of the server's: that would end leases of others too early."""

    def slowly(execute: Any) -> Any:
        def late(statement: str, values: Any) -> Any:
            Event().wait(0.05)
            return execute(statement, values)

        return late

    def ahead(store: Any, execute: Any) -> bool:
        now = store._now(slowly(execute))
        (servers,) = execute("SELECT CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)", {}).fetchone()
        return bool(now > servers)

    with at(url) as store:
        assert [transact(store, lambda execute: ahead(store, execute)) for _ in range(2)] == [False, False]


@pytest.mark.parametrize(
    ("offset", "lowest", "highest", "expected"),
    [
        pytest.param(None, 100.0, 100.5, 100.0, id="first"),
        pytest.param(100.0, 90.0, 110.0, 100.0, id="slow-response"),
        pytest.param(100.0, 100.2, 100.3, 100.2, id="behind"),
        pytest.param(100.0, 99.7, 99.8, 99.8, id="ahead"),
    ],
)
def test_only_a_response_that_says_otherwise_moves_the_clock(
    offset: float | None, lowest: float, highest: float, expected: float
) -> None:
    """The offset changes only if it contradicts a response; a slow one must not set the clock back and delay events."""
    assert nearest(offset, lowest, highest) == expected
