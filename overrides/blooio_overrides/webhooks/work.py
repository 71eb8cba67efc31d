"""Events on their way through a receiver: noted, handed to their handlers, finished or given back."""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, Final

import attrs

from .events import CLASSES, Event
from .receiving import event_from
from .stores import Noted, Store

Handler = Callable[[Any], object]
PAUSES: Final = (5.0, 15.0, 60.0, 300.0)
"""Seconds until an event is tried again whose handler failed; the last one holds for all further times."""
CHECK_EVERY: Final = 5.0
"""Seconds after which a worker looks for events that have become due."""

logger: logging.Logger = logging.getLogger("blooio_client")


@attrs.frozen
class Job:
    """An event in hand, and who handles it."""

    noted: Noted
    event: Event
    handlers: list[Handler]


class Work:
    """The handlers of a receiver, and the store that its events are in."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.handlers: list[tuple[type[Event], Handler]] = []

    def take(self) -> Job | None:
        """Take the next event in hand; None if there is none."""
        noted = self.store.take()
        if noted is None:
            return None
        event = event_from(noted.record)
        return Job(noted, event, [handler for kind, handler in self.handlers if isinstance(event, kind)])

    def finish(self, job: Job) -> None:
        """Let an event be over: all its handlers have returned."""
        self.store.finish(job.noted.key)

    def give_back(self, job: Job, error: BaseException) -> None:
        """Keep an event for another time, and say so in the log."""
        # What was stopped from outside is no failure of the handler: whoever comes next may try at once.
        pause = pause_after(job.noted.attempts) if isinstance(error, Exception) else 0.0
        self.store.postpone(job.noted.key, pause)
        if isinstance(error, Exception):
            _tell_of_handler(job.event, error, pause)

    def do_next(self) -> bool | None:
        """Have the next event handled, and return whether it is; None if there is none."""
        job = self.take()
        if job is None:
            return None
        try:
            for handler in job.handlers:
                _call(handler, job.event)
        except BaseException as error:
            self.give_back(job, error)
            if not isinstance(error, Exception):
                raise
            return False
        self.finish(job)
        return True


def pause_after(attempts: int) -> float:
    """Return how many seconds to wait after a failure, with so many attempts before it."""
    return PAUSES[min(attempts, len(PAUSES) - 1)]


def _call(handler: Handler, event: Event) -> None:
    result = handler(event)
    if inspect.isawaitable(result):
        import anyio

        anyio.run(_awaited, result)  # no event loop of anybody runs in this thread


async def _awaited(result: Awaitable[object]) -> None:
    await result


def tell_of_store(error: BaseException) -> None:
    """Log that a store failed; what it says may show what it keeps."""
    logger.error("the store of webhook events failed, or was interrupted: %s", type(error).__name__)


def _tell_of_handler(event: Event, error: Exception, pause: float) -> None:
    """Log that a handler failed, and where; neither what the event holds nor what the error says."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    logger.error(
        "a handler of %s failed: %s in %s, line %s; the event is kept, and tried again in %g seconds",
        event.type if event.type in CLASSES else "an unknown event",
        type(error).__name__,
        frame.filename,
        frame.lineno,
        pause,
    )
