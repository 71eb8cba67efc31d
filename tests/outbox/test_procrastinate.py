"""Many machines: the tasks for procrastinate, and the worker that runs them."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import asyncio
import datetime
import itertools
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import croniter  # type: ignore[import-untyped]
import procrastinate
import procrastinate.schema
import psycopg_pool
import pytest
import sqlalchemy as sa
import sqlalchemy.exc
from outbox_judge import cause_trouble, judge, rows
from outbox_places import let_time_pass
from outbox_runs import add
from postgres_server import Server
from procrastinate import exceptions, testing
from waiting import wait_until

from blooio_client import Blooio
from blooio_client.outbox import Outbox, OutboxError
from blooio_outbox import procrastinate as engine
from blooio_outbox.ledger.claim import Planned
from blooio_sandbox import Sandbox

OpenOutbox = Callable[[str], Outbox]


@contextmanager
def working(
    outbox: Outbox, sandbox: Sandbox, client: Blooio | None = None, **options: Any
) -> Generator[threading.Thread]:
    """Run a worker in a thread within a block."""
    stop = threading.Event()
    used = client or Blooio(sandbox.api_key, base_url=sandbox.base_url)
    thread = threading.Thread(target=lambda: outbox.work(lambda: used, stop=stop, **options))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()
        used.close()


def wait_until_sent(outbox: Outbox) -> None:
    """Wait until no message is left to send."""
    wait_until(lambda: not outbox.progress().left)


def test_two_workers_share_an_outbox(open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox) -> None:
    """Two workers, which create missing tables, send each recipient one message under faults."""
    cause_trouble(sandbox, 9)
    outbox = open_outbox(postgresql_url)
    outbox.add_many(rows(sandbox, 60), campaign="c")
    with working(open_outbox(postgresql_url), sandbox, concurrency=3), working(outbox, sandbox, concurrency=3):
        wait_until_sent(outbox)

    assert judge(sandbox).is_exact(60)
    with outbox._database.engine.connect() as connection:
        finished = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'blooio:deliver' AND status = 'succeeded'"
        assert connection.scalar(sa.text(finished)) == 0  # jobs are deleted when they are done


def test_a_paced_number(open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox) -> None:
    """Messages whose slots are later are sent, too."""
    outbox = open_outbox(postgresql_url)
    outbox.pace(None, per_minute=60)
    add(outbox, 4)
    with working(outbox, sandbox):
        wait_until_sent(outbox)

    assert len(sandbox.messages) == 4


def test_a_rejected_account_does_not_end_the_worker(
    open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """If the account is rejected, the worker logs it, waits and continues."""
    outbox = open_outbox(postgresql_url)
    outbox.add("+15550000001", "Hi", key="a")
    sandbox.fail_next(401)
    with working(outbox, sandbox) as thread:
        wait_until(lambda: "the outbox will retry in a minute" in caplog.text)
        outbox.resume(None)
        wait_until_sent(outbox)
        assert thread.is_alive()

    assert len(sandbox.messages) == 1


def test_a_closed_client_fails_no_message(
    open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """If the client was closed, the worker logs it, and the message waits for another worker."""
    outbox = open_outbox(postgresql_url)
    outbox.add("+15550000001", "Hi", key="a")
    with working(outbox, sandbox, client=closed_client(sandbox)):
        wait_until(lambda: "the message waits for another worker" in caplog.text)

    assert outbox.progress().counts == {"waiting": 1}


def closed_client(sandbox: Sandbox) -> Blooio:
    """Return a client that was closed."""
    client = Blooio(sandbox.api_key, base_url=sandbox.base_url)
    client.close()
    return client


def test_the_worker_survives_the_database(
    open_outbox: OpenOutbox,
    postgresql_server: Server,
    postgresql_url: str,
    sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After PostgreSQL crashes and restarts, a new worker takes the jobs and sends each message once."""
    if not postgresql_server.may_crash:
        pytest.skip("DATABASE_URL names a server that is not ours")
    outbox = open_outbox(postgresql_url)
    outbox.add_many(rows(sandbox, 40), campaign="c")
    outbox.pace(sandbox.numbers[0], per_minute=600)
    outbox.pace(sandbox.numbers[1], per_minute=600)
    nobody = threading.Event()
    with working(outbox, sandbox):
        while len(sandbox.messages) < 5:
            nobody.wait(0.05)
        postgresql_server.crash()
        while True:
            try:
                wait_until_sent(outbox)
            except sqlalchemy.exc.SQLAlchemyError:
                continue
            break

    assert judge(sandbox).is_exact(40)
    assert "Task was not found" not in caplog.messages


def test_a_blueprint_in_an_app_of_your_own(open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox) -> None:
    """The tasks are added under a namespace, and the app's worker runs them."""
    outbox = open_outbox(postgresql_url)
    outbox.add("+15550000001", "Hi", key="a")
    client = Blooio(sandbox.api_key, base_url=sandbox.base_url)
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=postgresql_url.replace("postgresql+psycopg", "postgresql"))
    )
    app.add_tasks_from(outbox.blueprint(lambda: client, concurrency=2), namespace="blooio")

    async def work() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            worker = asyncio.create_task(
                app.run_worker_async(queues=["blooio"], install_signal_handlers=False, fetch_job_polling_interval=0.1)
            )
            await asyncio.to_thread(wait_until_sent, outbox)
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    asyncio.run(work())
    client.close()

    assert {"blooio:deliver", "blooio:plan", "blooio:clean_up"} <= set(app.tasks)
    assert len(sandbox.messages) == 1


def test_a_message_of_a_backlog_has_one_job(open_outbox: OpenOutbox, postgresql_url: str) -> None:
    """A message has one job, however long the job waits; a lost job is replaced."""
    outbox = open_outbox(postgresql_url)
    add(outbox, 200)
    conninfo = postgresql_url.replace("postgresql+psycopg", "postgresql")
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))
    app.add_tasks_from(outbox.blueprint(lambda: pytest.fail("not needed"), concurrency=1), namespace="blooio")

    async def plan_after_ten_seconds() -> int:
        let_time_pass(postgresql_url, 10)
        await app.tasks["blooio:plan"](SimpleNamespace(app=app), timestamp=0)
        return sum([each["todo"] for each in await app.job_manager.list_queues_async()])

    async def plan_three_times() -> list[int]:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            counts = [await plan_after_ten_seconds(), await plan_after_ten_seconds()]
            await app.connector.execute_query_async("DELETE FROM procrastinate_jobs")
            return [*counts, await plan_after_ten_seconds()]

    assert asyncio.run(plan_three_times()) == [200, 200, 200]


def test_dead_workers_are_noticed_at_any_minute() -> None:
    """The clean-up runs every two seconds at any minute, since the last field of its schedule means seconds."""
    tasks = engine.blueprint(lambda: pytest.fail("not needed"), lambda: pytest.fail("not needed"), concurrency=1)
    schedules = {each.task.name: each.cron for each in tasks.periodic_registry.periodic_tasks.values()}
    times = list(itertools.islice(croniter.croniter(schedules["clean_up"], 0.0, ret_type=float), 300))

    assert max(late - early for early, late in itertools.pairwise(times)) == 2.0


def test_jobs_of_a_worker_that_died(open_outbox: OpenOutbox, postgresql_url: str, sandbox: Sandbox) -> None:
    """The jobs of a dead worker are removed once its heartbeat is old, even if it died while planning."""
    outbox = open_outbox(postgresql_url)
    with working(outbox, sandbox):
        outbox.add("+15550000001", "Hi", key="a")
        wait_until_sent(outbox)
    with outbox._database.engine.begin() as connection:
        connection.execute(
            sa.text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
                " RETURNING id) INSERT INTO procrastinate_jobs"
                " (queue_name, task_name, args, status, worker_id, queueing_lock, scheduled_at) VALUES"
                " ('blooio', 'blooio:plan', '{\"timestamp\": 1}', 'doing', (SELECT id FROM dead), 'blooio-plan', NULL),"
                " ('blooio', 'blooio:plan', '{\"timestamp\": 2}', 'todo', NULL, 'blooio-plan', now() + interval '1h'),"
                " ('blooio', 'blooio:deliver', '{\"identity\": 1}', 'doing', (SELECT id FROM dead), NULL, NULL)"
            )
        )

    def is_removed() -> bool:
        with outbox._database.engine.connect() as connection:
            left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'blooio:deliver'"
            return not connection.scalar(sa.text(left))

    with working(outbox, sandbox):
        wait_until(is_removed)

    assert len(sandbox.messages) == 1


def test_a_job_whose_database_is_unavailable(caplog: pytest.LogCaptureFixture) -> None:
    """If the database is unavailable, a job ends, and its message stays in the ledger for the next plan."""

    def away() -> Any:
        raise sqlalchemy.exc.OperationalError("SELECT 1", {}, RuntimeError("away"))

    tasks = engine.blueprint(away, lambda: Blooio("key"), concurrency=1)
    asyncio.run(tasks.tasks["deliver"](identity=1))

    assert "the outbox's database is unavailable: OperationalError" in caplog.text


def test_when_a_job_is_due() -> None:
    """A job is due a second before its slot on the database's clock; slots, and then retries, have priority."""
    tasks = engine.blueprint(lambda: pytest.fail("not needed"), lambda: pytest.fail("not needed"), concurrency=1)
    app = procrastinate.App(connector=testing.InMemoryConnector())
    app.add_tasks_from(tasks, namespace="blooio")
    task = app.tasks["blooio:deliver"]
    now = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    soon = engine._job(task, Planned(1, 0.5, is_retry=True), now.timestamp())
    later = engine._job(task, Planned(2, 4.0, is_retry=False), now.timestamp())
    paced = engine._job(task, Planned(3, 4.0, is_retry=False, is_paced=True), now.timestamp())

    assert (soon.scheduled_at, soon.priority) == (None, 10)
    assert (later.scheduled_at, later.priority) == (now + datetime.timedelta(seconds=3), 0)
    assert (paced.scheduled_at, paced.priority) == (later.scheduled_at, 20)


def test_many_machines_need_postgresql(open_outbox: OpenOutbox, sqlite_url: str) -> None:
    """`work` rejects a SQLite file, which belongs to one machine."""
    with pytest.raises(OutboxError, match="many machines need PostgreSQL"):
        open_outbox(sqlite_url).work(lambda: pytest.fail("not needed"))


def test_a_worker_that_ends_is_followed_by_another(
    open_outbox: OpenOutbox, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Another worker starts after any error of a lost database."""
    stop = threading.Event()
    ends = iter([exceptions.ConnectorException("away"), OSError("away"), psycopg_pool.PoolTimeout("away")])

    async def work_once(*_arguments: object) -> None:
        if (error := next(ends, None)) is not None:
            raise error
        stop.set()

    monkeypatch.setattr(engine, "_RESTART", 0.01)
    monkeypatch.setattr(engine, "_work_once", work_once)
    open_outbox(postgresql_url).work(lambda: pytest.fail("not needed"), stop=stop)

    assert caplog.text.count("starting another") == 3


@pytest.mark.parametrize("another_made_them", [True, False])
def test_tables_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, *, another_made_them: bool) -> None:
    """An error while creating tables is raised unless another worker has created them."""
    app = procrastinate.App(connector=testing.InMemoryConnector())
    looks = iter([False, another_made_them])

    async def look() -> bool:
        return next(looks)

    async def fail() -> None:
        raise exceptions.ConnectorException("it exists")

    monkeypatch.setattr(app, "check_connection_async", look)
    monkeypatch.setattr(procrastinate.schema.SchemaManager, "apply_schema_async", lambda _self: fail())
    with nullcontext() if another_made_them else pytest.raises(exceptions.ConnectorException):
        asyncio.run(engine._prepare(app))
    assert next(looks, None) is None
