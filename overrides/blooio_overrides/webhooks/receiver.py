"""What takes deliveries in, and has each event handled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from .._io.forks import begin_anew_after_forks
from ..arguments import refuse
from .events import Event
from .receiving import UNAVAILABLE, Delivery, judge, key_of
from .signatures import Secrets, check_tolerance, checked_secrets, hidden_secrets
from .stores import MemoryStore, Store
from .work import Work, tell_of_store
from .worker import Worker

E = TypeVar("E", bound=Event)
R = TypeVar("R")


class Receiver:
    """Takes deliveries in, and has each event handled at least once: after a restart, too, if the store outlives it.

    Deliveries come through `webhooks.asgi(receiver)`, `webhooks.flask(receiver)` or `webhooks.django(receiver)`. One is
    answered when its events are noted in the store, and they are handled after that; an event that comes again is
    answered, and not handled again. An event whose handler raises is tried again, after 5 seconds and then less often,
    until none raises: handlers may see an event more than once, and what they send should have keys made of the event,
    as `event.reply` has.
    """

    def __init__(
        self, *, secret: Secrets, store: Store | None = None, tolerance: float | None = 300, replays: bool = False
    ) -> None:
        """Make a receiver.

        Args:
            secret: The webhook's signing secret; or several, while one replaces another.
            store: Where events are kept; a `MemoryStore`, if not given, which loses what is in hand with the process.
            tolerance: Seconds that a signature may be old, or ahead of this clock; None for any age.
            replays: Whether a replay that was asked for by hand is handled, though its event was handled before. The
                signature does not cover that it is one: whoever gets hold of a delivery can have it handled once more.

        Raises:
            InvalidArgumentError: There is no usable secret, or the tolerance is no number of seconds.
        """
        keys, secret = hidden_secrets(secret), ()
        self.work: Work = Work(MemoryStore() if store is None else store)
        check_tolerance(tolerance)
        self._secrets = checked_secrets(keys)
        self._tolerance = tolerance
        self._replays = replays
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        begin_anew_after_forks(self)

    def begin_anew(self) -> None:
        """Have no worker, in a child process: the parent's thread is not there."""
        self._lock, self._worker = threading.Lock(), None

    def on(self, kind: type[E], /) -> Callable[[Callable[[E], R]], Callable[[E], R]]:
        """Register a plain or async function for a kind of event, and for those that are of that kind, too.

        `@receiver.on(webhooks.Event)` gets all events. An event without a handler counts as handled.

        Args:
            kind: A class of events.

        Raises:
            InvalidArgumentError: It is no class of events.
        """
        given: object = kind
        if not (isinstance(given, type) and issubclass(given, Event)):
            refuse("on() wants a class of events, such as webhooks.MessageReceived")

        def register(handler: Callable[[E], R]) -> Callable[[E], R]:
            self.work.handlers.append((kind, handler))
            return handler

        return register

    def receive(self, delivery: Delivery) -> int:
        """Note the events of a delivery, and return the status to answer with; what adapters for frameworks call.

        Args:
            delivery: The method, the headers and the raw body of a request.

        Returns:
            200, also for what is known already; 400 for what is no event, 401 for what cannot be trusted, 405 for what
            is no POST, 413 for what is over 256 KiB, and 503 if the store fails, so that the delivery comes again.
        """
        verdict = judge(delivery, secret=self._secrets, tolerance=self._tolerance)
        try:
            for event, record in verdict.events:
                self.work.store.note(key_of(event, delivery.headers, replays=self._replays), record)
        except Exception as error:  # noqa: BLE001 - whatever a store raises, the delivery shall come again
            tell_of_store(error)
            return UNAVAILABLE
        return verdict.status

    def drain(self) -> int:
        """Have every event handled that is noted and due, here and now, and return how many were.

        Raises:
            InvalidArgumentError: It would block an event loop; there, use `adrain`.
        """
        if _is_in_event_loop():
            refuse("drain() would block the event loop; write `await receiver.adrain()`")
        return sum(iter(self.work.do_next, None))

    async def adrain(self) -> int:
        """Have every event handled that is noted and due; async handlers in this event loop, plain ones in threads."""
        from .awaiting import drain

        return await drain(self.work)

    def start(self) -> None:
        """Handle events in a thread of this process, those that were left first; the views of Flask and Django do so.

        Called when all handlers are registered, it takes up what an earlier process left before a delivery comes.
        """
        with self._lock:
            if self._worker is None:
                self._worker = Worker(self.work)
            self._worker.wake()

    def stop(self) -> None:
        """End that thread when the event in its hands is handled; other events stay noted."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def running(self) -> AbstractAsyncContextManager[None]:
        """Handle events in a task while a block runs: those that were left first, and again those that failed.

        It belongs into the lifespan of an application that has `webhooks.asgi(receiver)` mounted.
        """
        from .awaiting import running

        return running(self.work)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.work.handlers)} handlers, {self.work.store!r}>"


def _is_in_event_loop() -> bool:
    import anyio

    try:
        anyio.get_current_task()
    except RuntimeError:
        return False
    return True
