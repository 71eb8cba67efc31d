"""Run the worker of an outbox until it is stopped, with a progress bar, and across restarts of the database."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy.exc

from .outboxes import reason_of
from .output import progress

if TYPE_CHECKING:
    from blooio_client.outbox import Outbox, Progress

    from .output import Output

Engine = Callable[[threading.Event], None]
"""Sends due messages until an event is set: `outbox.run` or `outbox.work`."""

_LOOK_EVERY: Final = 0.1
_PATIENCE: Final = 1.0
"""Seconds between two attempts to reach the database."""
# The database is down or restarting; waiting does not fix any other error.
AWAY: Final = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, sqlalchemy.exc.InternalError)


class Worker:
    """Sends in a thread, while the main thread handles the clock, the terminal and signals."""

    def __init__(self, out: Output, engine: Engine) -> None:
        self._out, self._engine = out, engine
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="blooio-outbox-worker", daemon=True)
        self.signals: list[int] = []
        """The signal that stopped it."""

    def run(self, outbox: Outbox, *, until_empty: bool, max_seconds: float | None) -> None:
        """Work until a signal, the requested end, or an error that waiting does not fix."""
        end = None if max_seconds is None else time.monotonic() + max_seconds
        with _warnings(self._out), self._stop_on_signals(), _bar(self._out) as show:
            self._thread.start()
            pause = _LOOK_EVERY
            while self._thread.is_alive():
                self._thread.join(pause)
                began = time.monotonic()
                now = progress_of(outbox) if until_empty or show else None
                # Counting a million messages is slow, so count less often.
                pause = max(_LOOK_EVERY, 10 * (time.monotonic() - began))
                if now is not None and show:
                    show(now)
                is_empty = until_empty and now is not None and not now.left
                if self.signals or is_empty or (end is not None and time.monotonic() >= end):
                    self._stop.set()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    self._engine(self._stop)
                except AWAY as error:
                    self._out.note(f"The outbox's database is unavailable ({reason_of(error)}); retrying.")
                    self._stop.wait(_PATIENCE)
        except BaseException as error:  # noqa: BLE001 - `run` raises it in its caller's thread
            self._error = error

    @contextmanager
    def _stop_on_signals(self) -> Generator[None]:
        """Finish current requests at the first Ctrl-C or SIGTERM, and stop at once at a second Ctrl-C."""

        def on_signal(number: int, _frame: object) -> None:
            if self.signals:
                raise KeyboardInterrupt
            self.signals.append(number)
            self._out.note("\nFinishing current requests. Press Ctrl-C again to stop at once.")

        before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def progress_of(outbox: Outbox) -> Progress | None:
    """Return the progress of an outbox; None while its database is unavailable."""
    with suppress(sqlalchemy.exc.SQLAlchemyError):
        return outbox.progress()
    return None


@contextmanager
def _bar(out: Output) -> Generator[Callable[[Progress], None] | None]:
    """Return a progress bar on stderr, or None if stderr is not a terminal."""
    if not out.is_watched:
        yield None
        return
    with progress() as bar:
        task = bar.add_task("Sending", total=None)

        def show(now: Progress) -> None:
            counts = "  ".join(f"{state} {count}" for state, count in now.counts.items())
            description = f"Sending: {counts}  {now.per_second:.1f}/s"
            bar.update(task, description=description, total=now.total, completed=now.total - now.left)

        yield show


@contextmanager
def _warnings(out: Output) -> Generator[None]:
    """Print the client's own warnings on stderr, such as that the database is unavailable.

    procrastinate and psycopg log the same with tracebacks, which do not help here.
    """

    class Warnings(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            out.note(record.getMessage())

    # Without a root handler, Python would print the log records of other packages.
    handlers = {"": logging.NullHandler(), "blooio_client": Warnings(logging.WARNING)}
    for name, handler in handlers.items():
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name, handler in handlers.items():
            logging.getLogger(name).removeHandler(handler)


def shown(now: Progress) -> dict[str, Any]:
    """Return what `--json` prints for the progress of an outbox."""
    rate = round(now.per_second, 3)
    seconds_left = None if now.seconds_left is None else round(now.seconds_left, 1)
    numbers = {"total": now.total, "left": now.left, "per_second": rate, "seconds_left": seconds_left}
    return {**numbers, "counts": now.counts}
