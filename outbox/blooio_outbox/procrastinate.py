"""Many machines: procrastinate distributes messages. A job is only a hint; the ledger holds all durable state.

Jobs are created only for the next few seconds: procrastinate looks at every scheduled job at each poll, and would fetch
the jobs of a paused number each time.
"""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import sqlalchemy as sa
import sqlalchemy.exc

from blooio_client import Blooio, ClientStateError, InvalidArgumentError
from blooio_overrides.databases import TIMEOUTS

from .deliver import Context, deliver
from .errors import MissingExtraError, OutboxError, OutboxStoppedError
from .ledger.claim import Planned, plan
from .ledger.schema import db_now
from .settings import moment
from .worker import urgency

try:
    import procrastinate
    import psycopg
    from procrastinate import exceptions, jobs
except ModuleNotFoundError as _missing:  # pragma: no cover - tested in a subprocess
    raise MissingExtraError('procrastinate is missing: pip install "blooio-client[postgres]"') from _missing

logger: Final = logging.getLogger("blooio_client.outbox")
T = TypeVar("T")

QUEUE: Final = "blooio"
_HORIZON: Final = 5.0
_IN_HAND: Final = 300
_BACKLOG: Final = 150
"""If fewer jobs than this are waiting, a late message must have lost its job."""
_LOST, _WAITING = 2.0, 60.0
"""Seconds after its slot until a message gets another job: with few jobs waiting, and with a backlog."""
_STALLED: Final = 6.0
"""Seconds without a heartbeat after which a worker counts as dead."""
_RESTART: Final = 0.5
_POOL_TIMEOUT: Final = 5.0
"""Seconds to wait for a connection; if the database is unavailable, a new worker is started instead."""
_AWAY: Final = (exceptions.ProcrastinateException, sqlalchemy.exc.SQLAlchemyError, psycopg.Error, OSError)
"""The database is unavailable. psycopg's own errors come from the pool, after half a minute."""
_WORKER: Final[dict[str, Any]] = {
    "queues": [QUEUE],
    "fetch_job_polling_interval": 0.25,  # a scheduled job wakes no worker
    "update_heartbeat_interval": 2.0,
    "stalled_worker_timeout": _STALLED,
    "delete_jobs": "always",
    "shutdown_graceful_timeout": 35.0,
    "install_signal_handlers": False,
}


def blueprint(
    get_context: Callable[[], Context], client_factory: Callable[[], Blooio], *, concurrency: int
) -> procrastinate.Blueprint:
    """Return the tasks: deliver a message, plan the next seconds, clean up after workers that died."""
    tasks = procrastinate.Blueprint()
    at_work = _Threads(concurrency)
    planning = _Threads(1)  # planning never waits for deliveries
    client = _Once(client_factory)

    @tasks.task(name="deliver", queue=QUEUE)
    async def deliver_message(identity: int) -> None:
        try:
            await at_work.do(lambda: deliver(get_context(), identity, client()))
        except OutboxStoppedError as error:
            logger.error("%s; the outbox will retry in a minute", error)  # noqa: TRY400 - the text says it all
        except (ClientStateError, InvalidArgumentError) as error:
            logger.error("%s; the message waits for another worker", error)  # noqa: TRY400 - as above
        except sqlalchemy.exc.SQLAlchemyError as error:
            logger.warning("the outbox's database is unavailable: %s", type(error).__name__)

    @tasks.periodic(cron="* * * * * *")
    @tasks.task(name="plan", queue=QUEUE, queueing_lock="blooio-plan", priority=100, pass_context=True)
    async def plan_messages(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - as called
        outbox = get_context()
        waiting = sum([each["todo"] for each in await context.app.job_manager.list_queues_async(queue=QUEUE)])
        # Otherwise, each plan would add another job for every message of a backlog.
        replan_after = _LOST if waiting < _BACKLOG else _WAITING
        planned, now = await planning.do(lambda: _planned(outbox, replan_after))
        if planned:
            new = [_job(deliver_message, each, now) for each in planned]
            await context.app.job_manager.batch_defer_jobs_async(new)

    @tasks.periodic(cron="* * * * * */2")  # seconds come last; first, they would mean minutes
    @tasks.task(name="clean_up", queue=QUEUE, queueing_lock="blooio-clean-up", priority=100, pass_context=True)
    async def clean_up(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - as called
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_STALLED):
            with suppress(exceptions.ConnectorException):  # another worker was faster
                if job.queueing_lock:  # a `plan` would collide with the next one
                    await manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
                else:
                    await manager.retry_job(job)

    return tasks


def _planned(context: Context, replan_after: float) -> tuple[list[Planned], float]:
    """Plan, and return the time on the database's clock, which also decides when procrastinate's jobs are due."""
    planned = plan(context.database, context.settings, horizon=_HORIZON, in_hand=_IN_HAND, replan_after=replan_after)
    with context.database.read() as tx:
        return planned, tx.scalar(sa.select(db_now())) or 0.0


def _job(task: Any, planned: Planned, now: float) -> jobs.Job:
    """Return the job of a message: due a second early, since `deliver` sleeps until the exact slot."""
    # What is due soon goes out at once.
    later = moment(now + planned.wait - 1.0) if planned.wait > 1.2 else None  # noqa: PLR2004
    configured = task.configure(priority=10 * (2 - urgency(planned)), schedule_at=later)
    job: jobs.Job = configured.make_new_job(identity=planned.id)
    return job


class _Threads:
    """Threads for blocking calls, created in the process that uses them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: concurrent.futures.ThreadPoolExecutor | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """Run a function in a thread."""
        if self._pool is None:
            self._pool = concurrent.futures.ThreadPoolExecutor(self._count, thread_name_prefix="blooio-outbox")
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class _Once:
    """The result of a function that is called once per process, on first use."""

    def __init__(self, make: Callable[[], Blooio]) -> None:
        self._make = make
        self._made: Blooio | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Blooio:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def work(context: Context, client_factory: Callable[[], Blooio], *, concurrency: int, stop: threading.Event) -> None:
    """Run workers, one after another, since procrastinate's worker exits when the database is unavailable."""
    if context.database.is_sqlite:
        raise OutboxError("many machines need PostgreSQL: postgresql://...; on SQLite, use outbox.run")
    asyncio.run(_work(context, _Once(client_factory), concurrency, stop))


async def _work(context: Context, client: Callable[[], Blooio], concurrency: int, stop: threading.Event) -> None:
    watch = asyncio.create_task(_until(stop))
    while not stop.is_set():
        try:
            await _work_once(context, client, concurrency, watch)
        except _AWAY as error:
            logger.warning("the outbox's worker ended (%s); starting another", type(error).__name__)
        await asyncio.wait({watch}, timeout=_RESTART)
    await watch


async def _work_once(
    context: Context, client: Callable[[], Blooio], concurrency: int, watch: asyncio.Task[None]
) -> None:
    connector = procrastinate.PsycopgConnector(
        # Neither is a local variable, which an error reporter would show with the password.
        conninfo=context.database.url.set(drivername="postgresql").render_as_string(hide_password=False),
        min_size=2,
        max_size=6,
        timeout=_POOL_TIMEOUT,
        kwargs={**TIMEOUTS},
    )
    app = procrastinate.App(connector=connector)
    # New tasks for each app: adding a blueprint renames its tasks, so a second time would yield blooio:blooio:...
    app.add_tasks_from(blueprint(lambda: context, client, concurrency=concurrency), namespace="blooio")
    async with app.open_async():
        await _prepare(app)
        worker = asyncio.create_task(app.run_worker_async(concurrency=concurrency + 2, **_WORKER))
        await asyncio.wait({worker, watch}, return_when=asyncio.FIRST_COMPLETED)
        worker.cancel()  # it finishes its current jobs
        try:
            await worker
        except asyncio.CancelledError:
            return


async def _until(stop: threading.Event) -> None:
    while not stop.is_set():  # noqa: ASYNC110 - a signal handler sets it, in any thread
        await asyncio.sleep(0.1)


async def _prepare(app: procrastinate.App) -> None:
    """Create procrastinate's tables if they do not exist."""
    if await app.check_connection_async():
        return
    try:
        await app.schema_manager.apply_schema_async()
    except exceptions.ConnectorException:
        if not await app.check_connection_async():  # otherwise, another worker was faster
            raise
