"""The SQL behind every store, for SQLite and PostgreSQL.

A chat with unfinished events has a row, which says when one of them is due (`ready`) and who holds it. Claiming an
event holds its chat, so only one event of a chat is handled at a time, across all processes.
"""

from __future__ import annotations

import datetime
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from ...arguments import checked_seconds
from . import LEASE, BurstEffect, Claim, Counts, DeadLetter, Entry
from .owners import boot, is_gone, since_boot, this_process

T = TypeVar("T")
Execute = Callable[[str, Mapping[str, Any]], Any]
"""Run a statement with values for its names; returns a cursor."""

KEEP: Final = 7 * 24 * 3600.0
FORGET_EVERY, FORGET_AT_ONCE = 32, 256
"""After how many attempts old keys are deleted, and at most how many at once, so that no event waits for thousands."""
LOOK_FOR_LOST_EVERY: Final = 1.0
OPEN, DEAD, FINISHED = 0, 1, 2

SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS blooio_webhook_events (
    position {identity},
    key TEXT NOT NULL UNIQUE,
    chat TEXT NOT NULL,
    record TEXT NOT NULL,
    burst TEXT,
    due DOUBLE PRECISION,
    stored DOUBLE PRECISION NOT NULL,
    started DOUBLE PRECISION,
    attempts INTEGER NOT NULL DEFAULT 0,
    handled TEXT NOT NULL DEFAULT '',
    state INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    ended DOUBLE PRECISION
)""",
    """CREATE TABLE IF NOT EXISTS blooio_webhook_chats (
    chat TEXT NOT NULL PRIMARY KEY,
    ready DOUBLE PRECISION NOT NULL,
    owner TEXT,
    ticket TEXT,
    lease DOUBLE PRECISION
)""",
    """CREATE INDEX IF NOT EXISTS blooio_webhook_fresh ON blooio_webhook_events (chat, position)
    WHERE state = 0 AND due IS NULL""",
    """CREATE INDEX IF NOT EXISTS blooio_webhook_timed ON blooio_webhook_events (chat, due)
    WHERE state = 0 AND due IS NOT NULL""",
    """CREATE INDEX IF NOT EXISTS blooio_webhook_bursts ON blooio_webhook_events (chat, position)
    WHERE burst IS NOT NULL""",
    "CREATE INDEX IF NOT EXISTS blooio_webhook_ended ON blooio_webhook_events (state, ended) WHERE state > 0",
    "CREATE INDEX IF NOT EXISTS blooio_webhook_free ON blooio_webhook_chats (ready) WHERE owner IS NULL",
    "CREATE INDEX IF NOT EXISTS blooio_webhook_held ON blooio_webhook_chats (owner) WHERE owner IS NOT NULL",
)
_EVENT: Final = "SELECT position, key, record, attempts, handled, started, burst, due FROM blooio_webhook_events"
_NEXT: Final = f"""
SELECT * FROM ({_EVENT} WHERE chat = :chat AND state = 0 AND due IS NULL ORDER BY position LIMIT 1) AS fresh UNION ALL
SELECT * FROM ({_EVENT} WHERE chat = :chat AND state = 0 AND due IS NOT NULL ORDER BY due LIMIT 1) AS timed"""
"""A chat's next first attempt, and its next timed event."""
_DUE: Final = f"""
SELECT * FROM ({_NEXT}) AS next WHERE due IS NULL OR due <= :now ORDER BY due IS NULL LIMIT 1"""
"""A chat's next event, if it is due: a retry or a burst first, since it has already waited."""
_FREE_CHAT: Final = "SELECT chat FROM blooio_webhook_chats WHERE owner IS NULL AND ready <= :now ORDER BY ready LIMIT 1"
_READY: Final = """INSERT INTO blooio_webhook_chats (chat, ready) VALUES (:chat, :ready)
ON CONFLICT (chat) DO UPDATE SET ready = excluded.ready WHERE blooio_webhook_chats.ready > excluded.ready"""
_INSERT: Final = """INSERT INTO blooio_webhook_events (key, chat, record, stored)
VALUES (:key, :chat, :record, :now) ON CONFLICT (key) DO NOTHING"""
_COMPLETE: Final = "CASE WHEN stored + :max_wait < :due THEN stored + :max_wait ELSE :due END"


class SQL(ABC):
    """A store in a database."""

    # The clause that locks the selected rows against other connections; SQLite has a single writer anyway.
    _lock_rows = ""
    _skip_locked = ""
    _forget_every = FORGET_EVERY

    def __init__(self, *, lease: float = LEASE, keep: float = KEEP) -> None:
        self.lease: float = checked_seconds(lease, "lease")
        """Seconds after which a claim expires unless its lease was renewed."""
        self._keep = checked_seconds(keep, "keep")
        self._looked_at = float("-inf")
        self._late: dict[tuple[str, float], float] | None = None
        self._freed = 0

    @abstractmethod
    def _run(self, work: Callable[[Execute], T], *, is_durable: bool = True) -> T:
        """Run something in a transaction, which is rolled back if it is interrupted."""

    @abstractmethod
    def _now(self, execute: Execute) -> float:
        """Return the Unix time of a clock that all users of the database share and that never goes back."""

    def add(self, entries: Sequence[Entry]) -> int:
        """Store events durably, all or none, and return how many are new."""

        def work(execute: Execute) -> int:
            now = self._now(execute)
            self._check_room(execute, len(entries))
            # Lock each chat before its events get their positions, and always in the same order, to avoid
            # deadlocks between connections.
            turns: dict[str, int] = {}
            for entry in entries:
                turns.setdefault(entry.chat, len(turns))
            for chat in sorted(turns):
                # The chats of one batch are ready in order, a microsecond apart.
                execute(_READY, {"chat": chat, "ready": now - (len(turns) - turns[chat]) / 1e6})
            new = 0
            for entry in entries:
                values = {"key": entry.key, "chat": entry.chat, "record": entry.record, "now": now}
                if execute(_INSERT, values).rowcount > 0:
                    new += 1
                    for effect in entry.burst_effects:
                        _apply(execute, entry, effect, now)
            return new

        return self._run(work)

    def _check_room(self, execute: Execute, how_many: int) -> None:  # noqa: B027 - only memory is bounded
        """Raise if this many more events do not fit."""

    def claim(self) -> Claim | None:
        """Claim the next due event whose chat is free; None if there is none."""
        # Need not be durable: a crash of the machine ends the lease anyway.
        return self._run(self._claim, is_durable=False)

    def _claim(self, execute: Execute) -> Claim | None:
        now = self._now(execute)
        if time.monotonic() - self._looked_at >= LOOK_FOR_LOST_EVERY:
            self._looked_at = time.monotonic()
            self._free_lost_chats(execute, now)
        while (found := execute(_FREE_CHAT + self._skip_locked, {"now": now}).fetchone()) is not None:
            chat = found[0]
            if (event := execute(_DUE, {"chat": chat, "now": now}).fetchone()) is not None:
                break
            _schedule(execute, chat, now)
        else:
            return None
        position, key, record, attempts, handled, started, burst, _ = event
        ticket, began = uuid.uuid4().hex, now if started is None else started
        execute(
            "UPDATE blooio_webhook_chats SET owner = :owner, ticket = :ticket, lease = :lease WHERE chat = :chat",
            {"owner": this_process(), "ticket": ticket, "chat": chat, "lease": now + self.lease},
        )
        execute(
            "UPDATE blooio_webhook_events SET attempts = attempts + 1, started = :began WHERE position = :position",
            {"began": began, "position": position},
        )
        done = frozenset(handled.splitlines())
        return Claim(key, chat, record, attempts, done, max(0.0, now - began), burst, position, ticket)

    def _free_lost_chats(self, execute: Execute, now: float) -> None:
        """Free the chats of processes that have ended, or that no longer renew their leases.

        A pause of the machine ends leases although their owners live. So an ended lease counts only if its renewal was
        already overdue at a look half a lease ago: owners renew it every third of a lease, and right after a pause.
        The first look has no earlier one, and need not wait: a process that drains once must take over, too.
        """
        held = "SELECT chat, owner, ticket, lease FROM blooio_webhook_chats WHERE owner IS NOT NULL" + self._skip_locked
        gone: dict[str, bool] = {}
        late: dict[tuple[str, float], float] = {}
        for chat, owner, ticket, lease in execute(held, {}).fetchall():
            since = float("-inf") if self._late is None else self._late.get((ticket, lease), now)
            if gone.setdefault(owner, self._is_gone(owner)) or (lease < now and now - since >= self.lease / 2):
                free = "UPDATE blooio_webhook_chats SET owner = NULL, ticket = NULL, ready = :now WHERE chat = :chat"
                execute(free, {"now": now, "chat": chat})
            elif lease - self.lease / 2 < now:
                late[ticket, lease] = since
        self._late = late

    def _is_gone(self, owner: str) -> bool:
        return is_gone(owner)

    def mark_handled(self, claim: Claim, handler: str) -> None:
        """Record durably that a handler has returned for an event."""
        statement = "UPDATE blooio_webhook_events SET handled = handled || :line WHERE key = :key AND state = 0"
        self._run(lambda execute: execute(statement, {"line": f"{handler}\n", "key": claim.key}))

    def finish(self, claim: Claim) -> None:
        """Keep the key, erase the record, and free the chat: all handlers have returned."""
        self._free(
            claim,
            "UPDATE blooio_webhook_events SET state = 2, record = '', handled = '', ended = :now WHERE key = :key",
            even_if_lost=True,
        )

    def _forget(self, execute: Execute, now: float) -> None:
        statement = (
            "DELETE FROM blooio_webhook_events WHERE position IN (SELECT position FROM blooio_webhook_events"
            # `state > 0` lets SQLite use the index of what has ended.
            " WHERE state > 0 AND state = :state AND ended < :old ORDER BY ended LIMIT :many)"
        )
        for state in (FINISHED, DEAD):
            execute(statement, {"state": state, "old": now - self._keep, "many": FORGET_AT_ONCE})

    def postpone(self, claim: Claim, seconds: float) -> None:
        """Free the chat; the event can be claimed again after this many seconds."""
        statement = "UPDATE blooio_webhook_events SET due = :now + :seconds WHERE key = :key"
        self._free(claim, statement, seconds=float(seconds))

    def release(self, claim: Claim) -> None:
        """Free the chat; the event can be claimed again, and this attempt does not count."""
        statement = "UPDATE blooio_webhook_events SET attempts = attempts - 1 WHERE key = :key AND :now > 0"
        self._free(claim, statement)

    def give_up(self, claim: Claim, error: str) -> None:
        """Free the chat, and turn the event into a dead letter."""
        # Unless a worker whose lease was lost has finished it meanwhile.
        statement = (
            "UPDATE blooio_webhook_events SET state = 1, error = :error, ended = :now WHERE key = :key AND state = 0"
        )
        self._free(claim, statement, error=error)

    def _free(self, claim: Claim, statement: str, *, even_if_lost: bool = False, **values: object) -> None:
        """Update an event, and free its chat.

        A worker that has lost the chat changes nothing, except to finish the event.
        """
        held = "SELECT 1 FROM blooio_webhook_chats WHERE chat = :chat AND ticket = :ticket" + self._lock_rows

        def work(execute: Execute) -> None:
            now = self._now(execute)
            is_held = execute(held, {"chat": claim.chat, "ticket": claim.ticket}).fetchone() is not None
            if is_held or even_if_lost:
                execute(statement, {"key": claim.key, "now": now, **values})
            if is_held:
                _schedule(execute, claim.chat, now)
            self._freed += 1
            if self._freed % self._forget_every == 0:
                self._forget(execute, now)

        self._run(work)

    def renew(self, tickets: Sequence[str]) -> None:
        """Renew the leases of the events being handled."""
        statement = "UPDATE blooio_webhook_chats SET lease = :lease WHERE ticket = :ticket"
        for ticket in tickets:

            def work(execute: Execute, ticket: str = ticket) -> None:
                execute(statement, {"lease": self._now(execute) + self.lease, "ticket": ticket})

            # One transaction for each: with locks on several chats, it could deadlock with `add`.
            self._run(work, is_durable=False)

    def seconds_until_next(self) -> float | None:
        """Return the seconds until the next event is due; None if none is waiting."""
        statement = "SELECT ready FROM blooio_webhook_chats WHERE owner IS NULL ORDER BY ready LIMIT 1"

        def work(execute: Execute) -> float | None:
            found = execute(statement, {}).fetchone()
            return None if found is None else max(0.0, found[0] - self._now(execute))

        return self._run(work, is_durable=False)

    def is_superseded(self, claim: Claim) -> bool:
        """Return whether a newer burst of the same chat has begun for the same handler."""
        statement = (
            "SELECT 1 FROM blooio_webhook_events"
            " WHERE burst IS NOT NULL AND chat = :chat AND burst = :burst AND position > :position LIMIT 1"
        )
        values = {"chat": claim.chat, "burst": claim.burst, "position": claim.position}
        return self._run(lambda execute: execute(statement, values).fetchone() is not None, is_durable=False)

    def dead_letters(self) -> list[DeadLetter]:
        """Return the dead letters, oldest first."""
        statement = (
            "SELECT key, chat, record, error, attempts, stored, ended FROM blooio_webhook_events"
            " WHERE state > 0 AND state = 1 ORDER BY ended, position"
        )
        rows = self._run(lambda execute: execute(statement, {}).fetchall(), is_durable=False)
        return [
            DeadLetter(key, chat, record, error, attempts, _time(stored), _time(ended))
            for key, chat, record, error, attempts, stored, ended in rows
        ]

    def retry(self, key: str, *, within: float | None) -> bool | None:
        """Retry a dead letter, unless its first attempt was more than `within` seconds ago."""

        def work(execute: Execute) -> bool | None:
            now = self._now(execute)
            find = f"SELECT chat, started FROM blooio_webhook_events WHERE key = :key AND state = 1{self._lock_rows}"
            if (found := execute(find, {"key": key}).fetchone()) is None:
                return None
            chat, started = found
            if within is not None and started is not None and now - started > within:
                return False
            execute(_READY, {"chat": chat, "ready": now})
            execute(
                "UPDATE blooio_webhook_events SET state = 0, due = :now, attempts = 0, started = :started,"
                " error = NULL, ended = NULL WHERE key = :key",
                {"now": now, "key": key, "started": started if within is not None else None},
            )
            return True

        return self._run(work)

    def counts(self) -> Counts:
        """Count the events that are not finished."""
        of_events = "SELECT state, due IS NULL, count(*) FROM blooio_webhook_events WHERE state < 2 GROUP BY 1, 2"
        of_chats = "SELECT count(*) FROM blooio_webhook_chats WHERE owner IS NOT NULL"

        def work(execute: Execute) -> Counts:
            found = {(state, bool(is_fresh)): n for state, is_fresh, n in execute(of_events, {}).fetchall()}
            fresh, timed = found.get((OPEN, True), 0), found.get((OPEN, False), 0)
            dead = found.get((DEAD, True), 0) + found.get((DEAD, False), 0)
            return Counts(fresh + timed, timed, execute(of_chats, {}).fetchone()[0], dead)

        return self._run(work, is_durable=False)


def _schedule(execute: Execute, chat: str, now: float) -> None:
    """Free a chat, and set when its next event is due; a chat without events is deleted."""
    # A first attempt counts as due from now, not from its arrival, so other chats get their turn.
    ready = [now if event[7] is None else event[7] for event in execute(_NEXT, {"chat": chat}).fetchall()]
    if not ready:
        execute("DELETE FROM blooio_webhook_chats WHERE chat = :chat", {"chat": chat})
        return
    statement = "UPDATE blooio_webhook_chats SET owner = NULL, ticket = NULL, ready = :ready WHERE chat = :chat"
    execute(statement, {"ready": min(ready), "chat": chat})


def _apply(execute: Execute, entry: Entry, effect: BurstEffect, now: float) -> None:
    """Add an event to the open burst of its chat, start a burst, or hold it open."""
    due = now + (effect.max_wait if effect.kind == "hold" else effect.quiet)
    more = f"{entry.record}\n" if effect.kind == "add" else ""
    updated = execute(
        f"UPDATE blooio_webhook_events SET record = record || :more, due = {_COMPLETE}"
        " WHERE burst IS NOT NULL AND chat = :chat AND burst = :burst AND state = 0 AND started IS NULL",
        {"more": more, "due": due, "max_wait": effect.max_wait, "chat": entry.chat, "burst": effect.handler},
    )
    if updated.rowcount < 1 and effect.kind == "add":
        execute(
            "INSERT INTO blooio_webhook_events (key, chat, record, burst, due, stored)"
            " VALUES (:key, :chat, :record, :burst, :due, :now) ON CONFLICT (key) DO NOTHING",
            {
                "key": f"burst:{effect.handler}:{entry.key}",
                "chat": entry.chat,
                "record": more,
                "burst": effect.handler,
                "due": min(due, now + effect.max_wait),
                "now": now,
            },
        )


def clock_of(execute: Execute) -> float:
    """Return the offset from `since_boot` to the time, shared by all processes of a machine.

    The system's time may be changed while events wait; the time since boot may not. After a reboot, the clock continues
    no earlier than where it stopped.
    """
    execute("CREATE TABLE IF NOT EXISTS blooio_webhook_clock (boot TEXT NOT NULL PRIMARY KEY, began REAL NOT NULL)", {})
    last = execute("SELECT max(stored) FROM blooio_webhook_events", {}).fetchone()[0] or 0.0
    began = max(time.time(), last) - since_boot()
    if not boot():  # boots cannot be distinguished
        return began
    statement = "INSERT INTO blooio_webhook_clock (boot, began) VALUES (:boot, :began) ON CONFLICT (boot) DO NOTHING"
    execute(statement, {"boot": boot(), "began": began})
    find = "SELECT began FROM blooio_webhook_clock WHERE boot = :boot"
    kept: float = execute(find, {"boot": boot()}).fetchone()[0]
    return kept


def _time(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
