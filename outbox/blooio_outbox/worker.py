"""The built-in engine: threads or tasks of one process. Several processes may share an outbox."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import heapq
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

import anyio
import anyio.to_thread
import sqlalchemy.exc

from blooio_client import AsyncBlooio, Blooio, InvalidArgumentError

from .deliver import Context, adeliver, check_is_async, check_is_sync, deliver
from .ledger import queries
from .ledger.claim import Planned, plan

logger: Final = logging.getLogger("blooio_client.outbox")
R = TypeVar("R")

_HORIZON = 3.0
_BUSY, _IDLE = 0.05, 0.5
"""Seconds between polls of the ledger: with work, and at most without; each idle poll doubles the pause."""
_DATABASE_PAUSE = 1.0
_EARLY = 0.3
"""Seconds before its slot at which a message is handed to a worker, which sleeps until the slot."""
_REPORT_EVERY = 1.0


def urgency(planned: Planned) -> int:
    """Return the priority of a message, 0 being the first: late messages lose their slots, and keys expire."""
    return 0 if planned.is_paced else 1 if planned.is_retry else 2


class PlannedQueue:
    """Planned messages that are not yet due, earliest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Planned]] = []
        self._order = itertools.count()

    def add(self, planned: list[Planned]) -> None:
        """Add planned messages."""
        now = time.monotonic()
        for each in planned:
            heapq.heappush(self._heap, (now + each.wait, next(self._order), each))

    def due(self) -> list[Planned]:
        """Return the messages whose slots are near."""
        found: list[Planned] = []
        while self._heap and self._heap[0][0] <= time.monotonic() + _EARLY:
            found.append(heapq.heappop(self._heap)[2])
        return found

    def __len__(self) -> int:
        return len(self._heap)


def or_default(work: Callable[[], R], default: R, pause: Callable[[float], object]) -> R:
    """Run a database operation; if it fails, log it, wait a moment, and return the default."""
    try:
        return work()
    except sqlalchemy.exc.SQLAlchemyError as error:
        logger.warning("the outbox's database is unavailable (%s); retrying", type(error).__name__)
        pause(_DATABASE_PAUSE)
        return default


class ThreadPool:
    """A pool of threads that deliver messages."""

    def __init__(self, context: Context, client: Blooio, concurrency: int, stop: threading.Event) -> None:
        self._context, self._client, self._stop = context, client, stop
        self._jobs: queue.PriorityQueue[tuple[int, int, int]] = queue.PriorityQueue()
        self._order = itertools.count()
        self.error: BaseException | None = None
        """The error that ended the work."""
        self._threads: list[threading.Thread] = []
        try:
            for number in range(concurrency):
                thread = threading.Thread(target=self._work, name=f"blooio-outbox-{number}", daemon=True)
                thread.start()
                self._threads.append(thread)
        except RuntimeError:  # the system has no thread left: stop those that started
            self.join()
            raise

    def submit(self, planned: Planned) -> None:
        """Queue a message for delivery, the most urgent first."""
        self._jobs.put((urgency(planned), next(self._order), planned.id))

    @property
    def waiting(self) -> int:
        """How many messages wait for a thread."""
        return self._jobs.qsize()

    def join(self) -> None:
        """Wait until every thread has finished its message; queued messages stay in the ledger."""
        for _ in self._threads:
            self._jobs.put((-1, next(self._order), 0))
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            priority, _, identity = self._jobs.get()
            if priority < 0:
                return
            try:
                or_default(partial(deliver, self._context, identity, self._client), None, self._stop.wait)
            except BaseException as error:  # noqa: BLE001 - `run` raises it in its caller's thread
                self.error = error
                self._stop.set()


def run(loop: PollingLoop, client: Blooio, stop: threading.Event) -> None:
    """Send due messages in threads of this process, until stopped."""
    check_is_sync(client)
    pool = ThreadPool(loop.context, client.with_options(max_retries=0), loop.concurrency, stop)
    try:
        while not stop.is_set() and not loop.is_over:
            due: list[Planned] = or_default(lambda: loop.next(pool.waiting), [], stop.wait)
            for planned in due:
                pool.submit(planned)
            stop.wait(loop.pause)
    finally:
        pool.join()
    if pool.error is not None:
        raise pool.error


async def arun(loop: PollingLoop, client: AsyncBlooio) -> None:
    """Send due messages in tasks of this event loop, until cancelled; the ledger runs in threads."""
    check_is_async(client)
    single = client.with_options(max_retries=0)
    semaphore = anyio.Semaphore(loop.concurrency)
    waiting: list[tuple[int, int, int]] = []
    order = itertools.count()
    failed: list[Exception] = []

    async def work(identity: int) -> None:
        try:
            await adeliver(loop.context, identity, single)
        except sqlalchemy.exc.SQLAlchemyError as error:
            logger.warning("the outbox's database is unavailable (%s); retrying", type(error).__name__)
            await anyio.sleep(_DATABASE_PAUSE)
        except Exception as error:  # noqa: BLE001 - raised below; the task group would wrap it in an exception group
            failed.append(error)
        finally:
            semaphore.release()

    def poll() -> list[Planned]:
        try:
            return or_default(lambda: loop.next(len(waiting)), [], time.sleep)
        except Exception as error:  # noqa: BLE001 - as above; it is `on_progress` that may raise
            failed.append(error)
            return []

    async with anyio.create_task_group() as tasks:
        while not failed and not loop.is_over:
            for planned in await anyio.to_thread.run_sync(poll):
                heapq.heappush(waiting, (urgency(planned), next(order), planned.id))
            with anyio.move_on_after(loop.pause):
                while waiting:
                    await semaphore.acquire()
                    tasks.start_soon(work, heapq.heappop(waiting)[2])
                await anyio.sleep(loop.pause)
    if failed:
        raise failed[0]


class PollingLoop:
    """The polling loop of a worker, sync or async."""

    def __init__(
        self,
        context: Context,
        concurrency: int,
        *,
        until_empty: bool,
        max_seconds: float | None,
        on_progress: Callable[[queries.Progress], object] | None,
    ) -> None:
        check_seconds(max_seconds)
        self.context: Context = context
        self.concurrency: int = concurrency
        self._until_empty, self._on_progress = until_empty, on_progress
        self._end = None if max_seconds is None else time.monotonic() + max_seconds
        self._planned = PlannedQueue()
        self._reported = 0.0
        self._is_empty = False
        self._pause = _BUSY

    @property
    def is_over(self) -> bool:
        """Whether the worker should stop: its time is over, or the outbox is empty and `until_empty` is set."""
        return self._is_empty or (self._end is not None and time.monotonic() >= self._end)

    @property
    def pause(self) -> float:
        """Seconds until the next poll."""
        return self._pause if self._end is None else max(0.0, min(self._pause, self._end - time.monotonic()))

    def next(self, waiting: int) -> list[Planned]:
        """Return the messages to deliver now.

        Args:
            waiting: How many messages the worker has queued.
        """
        planned: list[Planned] = []
        if waiting < self.concurrency * 4:
            planned = plan(
                self.context.database, self.context.settings, horizon=_HORIZON, in_hand=self.concurrency * 16
            )
            self._planned.add(planned)
        is_idle = not planned and not waiting and not self._planned
        self._pause = min(self._pause * 2, _IDLE) if is_idle else _BUSY
        if is_idle and self._until_empty:
            self._is_empty = queries.is_empty(self.context.database)
        self._report()
        return self._planned.due()

    def _report(self) -> None:
        now = time.monotonic()
        if self._on_progress and (self._is_empty or now - self._reported >= _REPORT_EVERY):
            self._reported = now
            self._on_progress(queries.progress(self.context.database, None))


def check_seconds(max_seconds: float | None) -> None:
    """Check how long to work.

    Raises:
        InvalidArgumentError: It is neither None nor a number >= 0.
    """
    given: object = max_seconds
    if given is not None and (not isinstance(given, int | float) or not given >= 0):
        raise InvalidArgumentError("max_seconds must be a number >= 0, or None for no limit")


def check_concurrency(concurrency: int) -> None:
    """Check a number of threads or tasks.

    Raises:
        InvalidArgumentError: It is not a whole number >= 1.
    """
    given: object = concurrency
    if not isinstance(given, int) or given < 1 or given is True:
        raise InvalidArgumentError("concurrency must be a whole number >= 1")
