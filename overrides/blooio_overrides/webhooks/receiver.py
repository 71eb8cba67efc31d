"""Accept deliveries, and handle their events."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..arguments import checked_limit, checked_seconds, reject
from ..errors import ClientStateError, SignatureMalformedError, WebhookVerificationError
from ..forks import after_fork
from ..idempotency import RETRY_WINDOW
from . import signatures
from .events import Burst, Event, MessageEvent
from .failures import log_store_failure
from .parsing import entry_of, parse_many
from .signatures import Secrets, check_tolerance, checked_secrets, hidden_secrets
from .stores import DeadLetter, Store
from .stores.sqlite import MemoryStore
from .work import Delivery, Status, Work, check_kind
from .worker import Worker

if TYPE_CHECKING:
    from procrastinate import Blueprint

E = TypeVar("E", bound=Event)
M = TypeVar("M", bound=MessageEvent)
R = TypeVar("R")
ACCEPTED, MALFORMED, UNTRUSTED, WRONG_METHOD, TOO_LARGE, UNAVAILABLE = 200, 400, 401, 405, 413, 503

logger: logging.Logger = logging.getLogger("blooio_client")


class Receiver:
    """Accepts deliveries and handles each event, even after a restart if the store is durable.

    Deliveries come through `webhooks.asgi(receiver)`, `flask`, `django`, `aiohttp` or `from_lambda`. A delivery is
    confirmed once its events are in the store; they are handled after that. Chats are handled concurrently, but the
    events of one chat in order, one at a time. A handler that has returned for an event does not run for it again;
    one that raises is retried, after 5 seconds and then less often, while later events of the chat proceed. After
    `max_attempts`, or 20 hours, the event becomes a dead letter.
    """

    def __init__(
        self,
        *,
        secret: Secrets,
        store: Store | None = None,
        tolerance: float | None = 300,
        replays: bool = False,
        concurrency: int = 16,
        max_attempts: int = 8,
        handler_timeout: float = 300.0,
        on_error: Callable[[Event, BaseException], object] | None = None,
        on_dead: Callable[[Event, BaseException], object] | None = None,
    ) -> None:
        """Create a receiver.

        Args:
            secret: The webhook's signing secret, or several during a rotation.
            store: Where events are kept. Defaults to a `MemoryStore`, which loses unhandled events with the process.
            tolerance: The most seconds between a signature's time and this clock; None for no limit.
            replays: Whether to handle replays of events that were already handled. The signature does not cover
                whether a delivery is a replay, so anyone who obtains a delivery can have it handled again.
            concurrency: The most chats to handle at once, >= 1.
            max_attempts: The most attempts for a handler, >= 1.
            handler_timeout: Seconds after which an async handler is cancelled, which counts as a failure, and a sync
                one is reported in the log.
            on_error: Called with the event and the error of each failed attempt, for example to report it to Sentry.
            on_dead: Called with the event and the last error when the event becomes a dead letter.

        Raises:
            InvalidArgumentError: A secret is missing or invalid, a number is out of range, or `store` or a callback has
                the wrong type.
        """
        keys, secret = hidden_secrets(secret), ()
        check_tolerance(tolerance)
        if store is not None and not hasattr(store, "claim"):
            reject(f"store is {type(store).__name__}; expected a store such as webhooks.SQLiteStore('events.db')")
        for name, callback in (("on_error", on_error), ("on_dead", on_dead)):
            if callback is not None and not callable(callback):
                reject(f"{name} is {type(callback).__name__}; expected a function of an event and an error")
        self._secrets = checked_secrets(keys)
        self._tolerance = tolerance
        self._replays = replays
        self.work: Work = Work(
            MemoryStore() if store is None else store,
            checked_limit(concurrency, "concurrency") or 1,
            checked_limit(max_attempts, "max_attempts") or 1,
            checked_seconds(handler_timeout, "handler_timeout"),
            on_error,
            on_dead,
        )
        self._lock = threading.Lock()
        self._thread: Worker | None = None
        self._workers: list[Worker] = []
        self._handled = 0
        self._notify: Callable[[], object] | None = None
        after_fork(self._reset_after_fork)

    def _reset_after_fork(self) -> None:
        # Threads do not survive a fork.
        self._lock, self._thread, self._workers = threading.Lock(), None, []

    def on(self, kind: type[E], /) -> Callable[[Callable[[E], R]], Callable[[E], R]]:
        """Register a sync or async function for a class of events and its subclasses.

        `@receiver.on(webhooks.Event)` gets all events. An event without a handler counts as handled. The store
        identifies a handler by its module and name: a renamed one runs again for unfinished events.

        Args:
            kind: A class of events.

        Raises:
            InvalidArgumentError: `kind` is not a class of events, or the function contains `yield` or does not take
                one argument.
            ClientStateError: The receiver is running; handlers are registered before it starts.
        """
        check_kind(kind, Event, "on")
        self._check_idle()

        def register(handler: Callable[[E], R]) -> Callable[[E], R]:
            self.work.register(kind, handler)
            return handler

        return register

    def on_burst(
        self, kind: type[M], /, *, quiet: float = 2.0, max_wait: float = 20.0
    ) -> Callable[[Callable[[Burst], R]], Callable[[Burst], R]]:
        """Register a sync or async function for the messages that a chat sends until it is quiet for a while.

        The function gets a `Burst`. While someone is typing, the burst stays open. A burst is stored like an event and
        does not change once it was handled: a retry gets the same events, and later ones form the next burst.

        Args:
            kind: `webhooks.MessageReceived`, or another class of message events.
            quiet: Seconds without a message after which the burst is complete, > 0.
            max_wait: Seconds after the first message after which the burst is complete even if more arrive, >= quiet.

        Raises:
            InvalidArgumentError: `kind` is not a class of message events, a number is out of range, or the function
                contains `yield` or does not take one argument.
            ClientStateError: The receiver is running; handlers are registered before it starts.
        """
        check_kind(kind, MessageEvent, "on_burst")
        self._check_idle()
        checked_seconds(quiet, "quiet")
        if checked_seconds(max_wait, "max_wait") < quiet:
            reject("max_wait is less than quiet, so every burst would end before the chat is quiet; raise max_wait")

        def register(handler: Callable[[Burst], R]) -> Callable[[Burst], R]:
            self.work.register(kind, handler, float(quiet), float(max_wait))
            return handler

        return register

    def _check_idle(self) -> None:
        if self.is_running:
            raise ClientStateError(
                "the receiver is running, and an event without a handler counts as handled; "
                "register all handlers before the receiver starts"
            )

    def receive(self, delivery: Delivery) -> int:  # noqa: PLR0911 - one for each status
        """Store the events of a delivery, and return the HTTP status to respond with. The framework adapters call this.

        Args:
            delivery: The method, the headers and the raw body of a request.

        Returns:
            200, also for known events; 400 if the body is not an event; 401 if the delivery cannot be trusted; 405 if
            it is not a POST; 413 if it is larger than 256 KiB; 503 if the store fails or the application has already
            read the body, so that Blooio delivers it again.

        Raises:
            InvalidArgumentError: It is not a `Delivery`.
        """
        if not isinstance(delivery, Delivery):
            reject(f"delivery is {type(delivery).__name__}; expected webhooks.Delivery(method, headers, body)")
        if delivery.method != "POST":
            return WRONG_METHOD
        if len(delivery.body) > signatures.MAX_BODY:
            logger.warning("a webhook delivery was rejected: its body is larger than %d bytes", signatures.MAX_BODY)
            return TOO_LARGE
        headers = delivery.headers
        if not delivery.body and (
            signatures.header(headers, "content-length").strip("0 ,") or signatures.header(headers, "transfer-encoding")
        ):
            logger.error("a webhook delivery has no body: a hook or middleware of the application has already read it")
            return UNAVAILABLE
        try:
            body, signed_at = signatures.verified(delivery.body, headers, self._secrets, self._tolerance)
        except WebhookVerificationError as error:
            logger.warning("a webhook delivery was rejected: %s", error)
            return UNTRUSTED
        try:
            events = parse_many(body, is_replay=signatures.is_replay(headers))
            entries = [entry_of(event, signed_at, self.work.handlers, replays=self._replays) for event in events]
        except (SignatureMalformedError, RecursionError):
            logger.warning("a webhook delivery was rejected: its signature is valid, but its body is not an event")
            return MALFORMED
        try:
            self.work.store.add(entries)
        except Exception as error:  # noqa: BLE001 - whatever the store raises, Blooio must deliver again
            log_store_failure(error)
            return UNAVAILABLE
        for worker in self._workers:
            worker.wake()
        if self._notify is not None:
            self._notify()
        return ACCEPTED

    def drain(self) -> int:
        """Handle all due events, in this thread and others, and return their number.

        Raises:
            InvalidArgumentError: It was called in an event loop, which it would block; use `adrain` there.
        """
        import anyio

        try:
            anyio.get_current_task()
        except RuntimeError:
            pass
        else:
            reject("drain() would block the event loop; write `await receiver.adrain()`")
        worker = Worker(self.work, runs_forever=False)
        self._workers.append(worker)
        try:
            return worker.run()
        finally:
            self._remove(worker)

    def wake(self) -> bool:
        """Wake whatever handles events in this process; return False if nothing does."""
        return sum(worker.wake() for worker in list(self._workers)) > 0

    async def adrain(self) -> int:
        """Handle all due events: async handlers in this event loop, sync ones in threads."""
        import anyio

        started: list[Worker] = []
        async with anyio.create_task_group() as group:
            started.append(await group.start(self._lend_loop, False))
        (worker,) = started
        if worker.failure is not None:
            raise worker.failure
        return worker.handled

    def start(self) -> None:
        """Handle events in threads of this process; the adapters for Flask, Django and aiohttp call it.

        Call it once all handlers are registered: it resumes events left by an earlier process.

        Raises:
            RuntimeError: The system cannot start another thread.
        """
        with self._lock:
            if self._thread is None:
                worker = Worker(self.work, runs_forever=True)
                self._workers.append(worker)  # first, so that a delivery that arrives now wakes it
                try:
                    worker.start()
                except RuntimeError:
                    self._workers.remove(worker)
                    raise
                self._thread = worker

    def stop(self) -> None:
        """Stop the threads once the current events are handled; other events stay in the store.

        Do not call it in a handler: it would wait for that handler forever.
        """
        with self._lock:
            worker, self._thread = self._thread, None
        if worker is not None:
            worker.stop()
            self._remove(worker)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Handle events while a block runs: async handlers in this event loop, sync ones in threads.

        It belongs in the lifespan of an application that has `webhooks.asgi(receiver)` mounted. At the end, async
        handlers are cancelled and their events stay in the store; sync ones run to completion.
        """
        import anyio

        failure: BaseException | None = None
        async with anyio.create_task_group() as group:
            await group.start(self._lend_loop, True)
            try:
                yield
            except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 - raised below, without a group
                failure = error
            group.cancel_scope.cancel()
        if failure is not None:
            raise failure

    async def _lend_loop(self, runs_forever: bool, *, task_status: Any) -> None:  # noqa: FBT001
        """Lend this event loop to a worker until it ends, or this task is cancelled."""
        import anyio
        from anyio.from_thread import BlockingPortal
        from anyio.to_thread import run_sync

        portal = BlockingPortal()
        worker = Worker(self.work, runs_forever=runs_forever, portal=portal)
        ended = anyio.Event()
        try:
            async with portal:
                self._workers.append(worker)
                worker.start(lambda: _end_in_loop(portal, ended))
                task_status.started(worker)
                try:
                    await ended.wait()
                finally:
                    worker.stop_soon()
                    await portal.stop(cancel_remaining=True)
        finally:
            with anyio.CancelScope(shield=True):
                # A separate limiter: all of the application's threads may be busy.
                await run_sync(worker.stop, limiter=anyio.CapacityLimiter(1))
            self._remove(worker)

    def _remove(self, worker: Worker) -> None:
        with self._lock:
            self._handled += worker.handled
            if worker in self._workers:  # pragma: no branch - after a fork, the parent's workers are forgotten
                self._workers.remove(worker)

    @property
    def is_running(self) -> bool:
        """Whether `start` or `running` handles events as they arrive."""
        return any(worker.runs_forever and worker.is_alive for worker in self._workers)

    def status(self) -> Status:
        """Return the counts of the store, and the events that this process is handling."""
        counts, workers = self.work.store.counts(), list(self._workers)
        running = tuple(event for worker in workers for event in list(worker.running.values()))
        handled = self._handled + sum(worker.handled for worker in workers)
        return Status(counts.waiting, counts.postponed, counts.in_progress, counts.dead, handled, running)

    def retry(self, letter: DeadLetter | str, /, *, allow_duplicates: bool = False) -> None:
        """Handle a dead letter again; handlers that already returned for it do not run again.

        Args:
            letter: A dead letter, or its key.
            allow_duplicates: Also retry an event whose first attempt was more than 20 hours ago. Blooio may have
                forgotten the idempotency keys by then, so messages that a handler already sent may be sent again.

        Raises:
            InvalidArgumentError: The dead letter does not exist, or it is too old.
        """
        key = letter if isinstance(letter, str) else letter.key
        within = None if allow_duplicates else RETRY_WINDOW.total_seconds()
        revived = self.work.store.retry(key, within=within)
        if revived is None:
            reject("no dead letter has this key")
        if not revived:
            reject("the event is older than 20 hours; to retry it and risk duplicates, pass allow_duplicates=True")
        self.wake()

    def blueprint(self) -> Blueprint:
        """Return a procrastinate blueprint, so that procrastinate's workers handle this receiver's events.

        `app.add_tasks_from(receiver.blueprint(), namespace="blooio")`. The store stays authoritative: jobs only
        wake the workers for due events. Use it with an `SQLStore` on PostgreSQL.

        Raises:
            ImportError: procrastinate is not installed.
        """
        from .adapters.procrastinate import blueprint

        made, self._notify = blueprint(self)
        return made

    def __repr__(self) -> str:
        if "work" not in vars(self):  # a traceback may show a receiver that was not fully constructed
            return f"<{type(self).__name__}>"
        return f"<{type(self).__name__}: {len(self.work.handlers)} handlers, {self.work.store!r}>"


def _end_in_loop(portal: Any, ended: Any) -> None:
    try:
        portal.start_task_soon(ended.set)
    except RuntimeError:  # the event loop has ended first
        return
