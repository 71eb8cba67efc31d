"""Leases: signal to other processes that this one is still working on its claims."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
import sqlalchemy.exc

from .ledger.claim import Claim
from .ledger.database import Database
from .ledger.schema import IS_TRIED, db_now, m, messages

logger: Final = logging.getLogger("blooio_client.outbox")


def elapsed() -> tuple[float, float]:
    """Read two clocks: one may stop while the machine sleeps, the other may be changed."""
    return time.monotonic(), time.time()


def since(earlier: tuple[float, float]) -> float:
    """Return the seconds since a reading, by the clock that advanced more."""
    return max(now - then for now, then in zip(elapsed(), earlier, strict=True))


class Leases:
    """The claims of this process, which a thread renews."""

    def __init__(self, database: Database, lease: float) -> None:
        self._database = database
        self._lease = lease
        self._reset_after_fork()

    def _reset_after_fork(self) -> None:
        self._process = os.getpid()
        self.owner: str = uuid.uuid4().hex[:12]
        """Identifies this process to the others."""
        self._lock = threading.RLock()
        self._held: dict[int, tuple[float, float]] = {}
        self._thread: threading.Thread | None = None
        self._renewed = self._unbroken = elapsed()

    def after_fork(self) -> None:
        """Start without claims in a child process, which inherits the memory but not the thread."""
        if self._process != os.getpid():
            self._reset_after_fork()

    def start(self) -> None:
        """Start the thread that renews claims, unless it runs.

        Raises:
            RuntimeError: The system cannot start another thread.
        """
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._renew_while_held, name="blooio-outbox-leases", daemon=True)
                self._renewed = self._unbroken = elapsed()
                thread.start()
                self._thread = thread

    @contextmanager
    def holding(self, claim: Claim, began: tuple[float, float]) -> Generator[None]:
        """Renew a claim while a block runs.

        Args:
            claim: The claim.
            began: A reading of the clocks from before the claim.
        """
        with self._lock:
            self.start()
            self._held[claim.message.id] = began
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(claim.message.id, None)

    def holds(self, began: tuple[float, float]) -> bool:
        """Return whether a claim certainly holds. Others take over after a lease, so the limit is half a lease."""
        with self._lock:
            renewed = self._renewed if began >= self._unbroken else began
        return since(max(began, renewed)) <= self._lease / 2

    def _renew_while_held(self) -> None:
        idle = 0
        while idle < 5:  # noqa: PLR2004 - a thread for each message would cost more than one that waits a little
            time.sleep(self._lease / 4)
            with self._lock:
                held = list(self._held)
                idle = 0 if held else idle + 1
                if idle >= 5:  # noqa: PLR2004 - decided under the lock: `holding` then starts a new thread
                    self._thread = None
            if held:
                self._renew(held)

    def _renew(self, held: list[int]) -> None:
        began = elapsed()
        renewed = sa.update(messages).where(
            IS_TRIED, m.id.in_(held), m.state == "sending", m.owner == self.owner, m.lease > db_now()
        )
        try:
            with self._database.begin() as tx:
                tx.execute(renewed.values(lease=db_now() + self._lease))
        except sqlalchemy.exc.SQLAlchemyError as error:
            # The leases expire, `holds` reports it before the next request, and the key is retried later.
            logger.warning("the outbox cannot renew its leases: %s", type(error).__name__)
            return
        with self._lock:
            if since(self._renewed) - since(began) > self._lease / 2:
                self._unbroken = began  # this process slept: its claims may have been taken over
            self._renewed = began
