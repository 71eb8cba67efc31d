"""Call handlers: chats concurrently, events of a chat in order, and each handler once."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from ..idempotency import RETRY_WINDOW
from .events import CLASSES, Event
from .failures import log_handler_failure, log_store_failure
from .parsing import burst_from, event_from
from .stores import Claim
from .work import Handler, Registered, RunningEvent, Work, missing, pause_after

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

POLL: Final = 0.5
"""Seconds after which a waiting worker checks for events stored by other processes."""
RECORD_FOR: Final = 10.0
"""Seconds for which a stopping worker keeps trying to record a result in a failing store."""

logger: logging.Logger = logging.getLogger("blooio_client")


class _StoppedError(BaseException):
    """The worker is stopping, and has cancelled the handler."""


class Worker:
    """Threads that claim events and handle them.

    One thread at a time looks for events; when it finds one, another looks for the next, up to `concurrency`.
    Only these threads write to the store, so cancelling a task cannot interrupt a write.
    """

    def __init__(self, work: Work, *, runs_forever: bool, portal: BlockingPortal | None = None) -> None:
        """Create a worker; `run` or `start` starts it.

        Args:
            work: The handlers and settings.
            runs_forever: Whether it waits for more events when none is due.
            portal: The event loop for async handlers. Defaults to one of its own, started when needed.
        """
        self._work, self._portal = work, portal
        self.runs_forever: bool = runs_forever
        self._changed = threading.Condition()
        self._threads, self._is_waiting, self._news = 0, False, 0
        self._is_stopping = self._is_cancelled = False
        self._own_loop, self._owns_loop = ExitStack(), portal is None
        # A thread must not keep the process alive: its event stays in the store and is taken over.
        self._lease_thread = threading.Thread(target=self._renew_leases, name=_NAME, daemon=True)
        self._on_end: Callable[[], object] | None = None
        self._ended = threading.Event()
        self.running: dict[str, RunningEvent] = {}
        self.handled: int = 0
        self.failure: BaseException | None = None

    def start(self, on_end: Callable[[], object] | None = None) -> None:
        """Start to handle events in threads.

        Raises:
            RuntimeError: The system cannot start another thread.
        """
        if self.runs_forever and not self._work.handlers:
            logger.warning("the receiver has no handlers, so every event counts as handled")
        self._on_end = on_end
        self._threads = 1
        try:
            self._lease_thread.start()
            threading.Thread(target=self._run_thread, name=_NAME, daemon=True).start()
        except RuntimeError:
            self._ended.set()
            raise

    def run(self) -> int:
        """Handle due events, in this thread and others, and return their number.

        Raises:
            RuntimeError: The system cannot start another thread.
        """
        self._lease_thread.start()
        self._threads = 1
        try:
            self._run_thread()
            self._ended.wait()
        except BaseException:  # pragma: no cover - a signal handler may raise here, in the main thread
            self.stop_soon()
            self._cancel()
            self._ended.wait()
            raise
        if self.failure is not None:
            raise self.failure
        return self.handled

    def wake(self) -> bool:
        """Look for events now; return False if the worker has ended or is about to."""
        with self._changed:
            self._news += 1
            self._changed.notify_all()
            is_working = self._threads > 0 and not self._is_stopping
            if is_working and not self.runs_forever:
                # The threads that found nothing have ended, and the others may be busy for a long time.
                self._start_thread()
            return is_working

    def stop_soon(self) -> None:
        """Take no more events."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Take no more events, and wait until the current ones are handled."""
        self.stop_soon()
        self._ended.wait()

    @property
    def is_alive(self) -> bool:
        """Whether it still handles events."""
        return not self._is_stopping and not self._ended.is_set()

    def _cancel(self) -> None:
        """Cancel the async handlers that run in the worker's own event loop, and prevent others from starting."""
        if self._owns_loop:
            with self._changed:
                self._is_cancelled, portal = True, self._portal
            if portal is not None:
                portal.call(portal.stop, True)

    def _start_thread(self) -> None:
        """Start another thread if `concurrency` allows it; the caller holds the lock."""
        if self._threads < self._work.concurrency:
            try:
                threading.Thread(target=self._run_thread, name=_NAME, daemon=True).start()
            except RuntimeError:  # the system cannot
                logger.warning("cannot start another thread for webhook events; chats wait for the running threads")
            else:
                self._threads += 1

    def _run_thread(self) -> None:
        try:
            while not self._is_stopping and self._handle_next():
                pass
        except BaseException as error:  # noqa: BLE001 - raised by `run`; a thread cannot
            self.failure = self.failure or error
            self.stop_soon()
            self._cancel()
        with self._changed:
            self._threads -= 1
            is_last = self._threads == 0
        if is_last:
            self._own_loop.close()
            self._ended.set()
            if self._on_end is not None:
                self._on_end()

    def _handle_next(self) -> bool:
        """Claim and handle an event, or wait for one; return whether to go on."""
        news, pause = self._news, POLL
        try:
            claim = self._work.store.claim()
            if claim is None and self.runs_forever:
                pause = min(POLL, POLL if (due := self._work.store.seconds_until_next()) is None else due)
        except Exception as error:
            if not self.runs_forever:
                raise
            log_store_failure(error)
            claim = None
        if claim is None:
            return self.runs_forever and self._wait(news, pause)
        if self._is_stopping:
            self._record(self._work.store.release, claim)
            return False
        with self._changed:
            # Another thread looks for the next event while this one handles its own.
            if self._is_waiting:
                self._news += 1
                self._changed.notify_all()
            else:
                self._start_thread()
        self._handle(claim)
        if self._work.after_event is not None:
            self._work.after_event()
        return True

    def _wait(self, news: int, seconds: float) -> bool:
        """Wait until an event may be due; return False if another thread is already waiting."""
        with self._changed:
            if self._is_waiting or self._is_stopping:
                return False
            self._is_waiting = True
            if self._news == news:
                self._changed.wait(max(seconds, 0.001))
            self._is_waiting = False
            return not self._is_stopping

    def _renew_leases(self) -> None:
        """Renew the leases of current events, and report handlers that hang."""
        work = self._work
        while not self._ended.wait(min(work.store.lease / 3, work.handler_timeout / 2)):
            for event in list(self.running.values()):
                if event.seconds > work.handler_timeout and not event.is_reported:
                    event.is_reported = True
                    logger.error(
                        "a handler of %s in chat %s has been running for %d seconds: %s",
                        *(event.type, event.chat, event.seconds, event.handler),
                    )
            try:
                work.store.renew(list(self.running))
            except Exception as error:  # noqa: BLE001 - a store that fails now may work before the leases lapse
                log_store_failure(error)

    def _handle(self, claim: Claim) -> None:
        work, store = self._work, self._work.store
        try:
            event = burst_from(claim, store) if claim.burst is not None else event_from(claim.record)
            first: Event = event if isinstance(event, Event) else event.events[0]
        except Exception as error:  # noqa: BLE001 - whatever a record contains, other events must be handled
            logger.error("a stored event cannot be read, and became a dead letter: %s", type(error).__name__)  # noqa: TRY400 - it may show the event
            self._record(store.give_up, claim, "Unreadable")
            return
        # An attempt that a stopping worker gave back counts, too: its handler may have sent something.
        if claim.attempts >= work.max_attempts or claim.age > RETRY_WINDOW.total_seconds():
            self._give_up(claim, first)
            return
        kind = first.type if first.type in CLASSES else "an unknown event"  # an unknown type could be any text
        mine = self.running[claim.ticket] = RunningEvent(kind, masked_chat(first.chat_id), time.monotonic())
        failure: BaseException | None = None
        returned: str | None = None
        try:
            handlers = self._handlers_for(claim, first)
            for handler in handlers:
                mine.handler, mine.began, mine.is_reported = handler.name, time.monotonic(), False
                try:
                    self._call(handler.call, event)
                    returned = handler.name
                except BaseException as error:
                    if not self._is_failure(error):
                        raise
                    failure = failure or error
                    log_handler_failure(mine, error)
                    self._report(work.on_error, first, error)
                    continue
                if failure is not None or handler is not handlers[-1]:
                    self._record(store.mark_handled, claim, returned)
                    returned = None
            self._conclude(claim, first, failure)
        except BaseException as error:
            self.stop_soon()  # first, or another thread would take the event that is given back
            if returned is not None:
                self._record(store.mark_handled, claim, returned)
            self._record(store.release, claim)
            if not isinstance(error, _StoppedError):
                raise
        finally:
            self.running.pop(claim.ticket, None)

    def _give_up(self, claim: Claim, event: Event) -> None:
        """Bury an event that must not be tried again, although no handler has failed."""
        reason, text = "Expired", "its first attempt was more than 20 hours ago"
        if claim.attempts >= self._work.max_attempts:
            reason, text = "WorkerLost", "workers died too often while handling this event"
        logger.error("an event in chat %s became a dead letter: %s", masked_chat(event.chat_id), text)
        self._record(self._work.store.give_up, claim, reason)
        self._report(self._work.on_dead, event, TimeoutError(text))

    def _is_failure(self, error: BaseException) -> bool:
        """Return whether an error comes from the handler; otherwise, the worker itself must end."""
        return isinstance(error, Exception) or (self.runs_forever and not isinstance(error, _StoppedError))

    def _handlers_for(self, claim: Claim, event: Event) -> list[Registered]:
        handlers = self._work.handlers
        if claim.burst is None:
            fitting = [each for each in handlers if each.quiet is None and isinstance(event, each.kind)]
        else:
            fitting = [each for each in handlers if each.name == claim.burst] or [missing(claim.burst)]
        return [each for each in fitting if each.name not in claim.handled]

    def _conclude(self, claim: Claim, event: Event, failure: BaseException | None) -> None:
        store, attempts = self._work.store, claim.attempts + 1
        if failure is None:
            self._record(store.finish, claim)
            with self._changed:
                self.handled += 1
            return
        pause = pause_after(attempts)
        if attempts < self._work.max_attempts and claim.age + pause < RETRY_WINDOW.total_seconds():
            logger.warning("an event in chat %s will be retried in %g seconds", masked_chat(event.chat_id), pause)
            self._record(store.postpone, claim, pause)
            return
        logger.error("an event in chat %s became a dead letter after %d attempts", masked_chat(event.chat_id), attempts)
        self._record(store.give_up, claim, type(failure).__name__)
        self._report(self._work.on_dead, event, failure)

    def _record(self, step: Callable[..., None], *arguments: object) -> None:
        """Record the result of an event in the store; retry if that fails, or handlers would run again."""
        pause, ends = 0.01, None
        while True:
            try:
                step(*arguments)
            except Exception as error:  # noqa: BLE001 - a store that fails now may work in a moment
                log_store_failure(error)
                if self._is_stopping or not self.runs_forever:
                    ends = ends or time.monotonic() + RECORD_FOR
                    if time.monotonic() >= ends:
                        return
                time.sleep(pause)
                pause = min(2 * pause, 1.0)
            else:
                return

    def _report(
        self, callback: Callable[[Event, BaseException], object] | None, event: Event, error: BaseException
    ) -> None:
        if callback is None:
            return
        try:
            self._call(lambda event: callback(event, error), event)
        except BaseException as raised:
            # What reports failures must not add to them.
            if not self._is_failure(raised):
                raise
            logger.error("on_error or on_dead failed: %s", type(raised).__name__)  # noqa: TRY400 - it may show the event

    def _call(self, handler: Handler, event: object) -> None:
        if not (inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)):
            result = handler(event)
            if not inspect.isawaitable(result):
                return
            handler = lambda _: result  # noqa: E731 - a plain function that returned an awaitable
        loop = self._loop()
        try:
            future = loop.start_task_soon(_awaited, handler, event, self._work.handler_timeout)
        except RuntimeError:  # the event loop has ended
            self.stop_soon()
            raise _StoppedError from None
        try:
            failure = future.result()
        except CancelledError:  # the application is shutting down
            self.stop_soon()
            raise _StoppedError from None
        except BaseException:  # pragma: no cover - a signal handler may raise here, in the main thread
            future.cancel()
            raise
        if failure is not None:
            raise failure

    def _loop(self) -> BlockingPortal:
        """Return the event loop for async handlers.

        Raises:
            _StoppedError: It was cancelled.
            RuntimeError: The system cannot start another thread.
        """
        with self._changed:
            if self._is_cancelled:
                raise _StoppedError
            if self._portal is None:
                from anyio.from_thread import start_blocking_portal

                self._portal = self._own_loop.enter_context(start_blocking_portal())
            return self._portal


_NAME: Final = "blooio-webhooks"


async def _awaited(handler: Handler, event: object, seconds: float) -> BaseException | None:
    """Run an async handler and return what it raises: raised here, SystemExit would end the event loop."""
    import anyio

    try:
        with anyio.move_on_after(seconds) as scope:
            result: Any = handler(event)
            await result
    except anyio.get_cancelled_exc_class():
        if anyio.current_effective_deadline() == float("-inf"):
            raise
        # A task that the handler awaited was cancelled; the worker itself is not stopping.
        return RuntimeError("the handler was cancelled from within")
    except BaseException as error:  # noqa: BLE001 - the worker's thread raises it
        return error
    if scope.cancelled_caught:
        return TimeoutError(f"the handler was cancelled after {seconds:g} seconds (handler_timeout)")
    return None


def masked_chat(chat_id: str | None) -> str:
    """Return part of a chat's id, enough to distinguish chats but never the whole id."""
    return f"·····{chat_id[len(chat_id) - min(4, len(chat_id) // 3) :]}" if chat_id else "-"
