"""Webhook deliveries: scheduling and retries."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from blooio_sandbox.deliveries.disturbances import Disturbances, plan_delivery
from blooio_sandbox.deliveries.events import complete, contact_of_event, is_receiving, is_wanted
from blooio_sandbox.deliveries.payloads import Form, form_of, write_payload
from blooio_sandbox.deliveries.posting import (
    DeliveryObserver,
    EventRequest,
    EventResponse,
    EventSender,
)
from blooio_sandbox.state.database import OutdatedError, Row, State

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

# Thirty times shorter than Blooio's 30 s, 1, 2, 4 and 8 minutes.
DEFAULT_RETRY_SCHEDULE: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)

_LOG = logging.getLogger(__name__)
_PAUSE_AFTER_ERROR = 0.2
_MAX_BATCH = 100

# Batch what becomes due within a few milliseconds, instead of waking up for each.
_MIN_SLEEP = 0.01


class Deliverer:
    """Makes due deliveries in the background."""

    def __init__(
        self, state: State, retry_schedule: Sequence[float], timeout: float, observer: DeliveryObserver
    ) -> None:
        self._state = state
        self._waits = [round(seconds * 1000) for seconds in retry_schedule]
        self._woken = asyncio.Event()
        self._is_called = False
        # One per webhook, and per reset: a receiver that hangs delays neither other webhooks nor the next state.
        self._rounds: dict[tuple[int, str], asyncio.Task[None]] = {}
        self.sender: EventSender = EventSender(state, timeout, observer)
        self.disturbances: Disturbances = Disturbances()

    async def run(self) -> None:
        """Deliver until cancelled."""
        loop = asyncio.get_running_loop()
        self._state.wake_deliverer = lambda: self._wake(loop)
        try:
            while True:
                self._woken.clear()
                self._is_called = False
                async with _continuing_after_errors():
                    await self._sleep_until(self._start_what_is_due())
        finally:
            rounds = list(self._rounds.values())
            for each in rounds:
                each.cancel()
            await asyncio.gather(*rounds, return_exceptions=True)
            await self.sender.close()

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        # A pending wake-up covers later changes too; a loop that has ended raises RuntimeError.
        if not self._is_called:
            self._is_called = True
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    def _start_what_is_due(self) -> int | None:
        """Start the deliveries that are due, and return when the next one is."""
        with self._state.transaction():
            generation = self._state.generation
            _publish_due_events(self._state, self.disturbances)
            now = self._state.now()
            due = self._state.rows(_DUE, now)
            following: int | None = self._state.value(_NEXT, now)
        for webhook_id, rows in groupby(due, key=lambda row: row["webhook_id"]):
            key = (generation, webhook_id)
            # A webhook that is busy gets these in its next round.
            if key not in self._rounds:
                self._rounds[key] = asyncio.create_task(self._make_round(key, list(rows)))
        return following

    async def _make_round(self, key: tuple[int, str], deliveries: list[Row]) -> None:
        try:
            async with _continuing_after_errors():
                with suppress(OutdatedError):
                    await self._deliver_in_order(deliveries, key[0])
        finally:
            del self._rounds[key]
            self._woken.set()

    async def _deliver_in_order(self, deliveries: list[Row], generation: int) -> None:
        # Each webhook gets its events in order.
        waiting = deque(deliveries)
        while waiting:
            webhook = self._state.row("SELECT * FROM webhooks WHERE webhook_id = ?", waiting[0]["webhook_id"])
            if webhook is None or not is_receiving(webhook, self._state.now()):
                self._forget(waiting[0]["webhook_id"], generation)
                return
            form = form_of(webhook, self._state.account)
            batch = [waiting.popleft() for _ in range(batch_size(list(waiting), form))]
            event_requests = [self._event_request(delivery, form) for delivery in batch]
            event_response = await self.sender.deliver(webhook, event_requests, generation)
            self._settle(batch, event_response, generation)

    def _event_request(self, delivery: Row, form: Form) -> EventRequest:
        event_id, organization_id = delivery["event_id"], self._state.account.organization_id
        contact = contact_of_event(self._state, json.loads(delivery["body"])) if form.payload == "v4" else {}
        body = write_payload(delivery["body"], event_id, form, organization_id, contact)
        attempt = delivery["attempts"] + 1
        event_request = EventRequest(event_id, delivery["event"], delivery["message_id"], body, attempt=attempt)
        # Only the first attempt is disturbed; a retry is correct.
        if delivery["attempts"]:
            return event_request
        return replace(event_request, stale_by=delivery["stale_by"], is_forged=bool(delivery["is_forged"]))

    def _forget(self, webhook_id: str, generation: int) -> None:
        with self._state.transaction(generation):
            self._state.change("DELETE FROM deliveries WHERE webhook_id = ?", webhook_id)

    def _settle(self, deliveries: list[Row], event_response: EventResponse, generation: int) -> None:
        now = self._state.now()
        statement = "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE position = ?"
        with self._state.transaction(generation):
            for delivery in deliveries:
                wait = next_wait(self._waits, delivery["attempts"], is_success=event_response.is_success)
                self._state.change(statement, None if wait is None else now + wait, delivery["position"])

    async def _sleep_until(self, moment: int | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds_until(moment)):
                await self._woken.wait()

    def _seconds_until(self, moment: int | None) -> float | None:
        # A stepped clock moves only with `advance`, which wakes us.
        if moment is None or self._state.clock.kind == "stepped":
            return None
        return max(_MIN_SLEEP, (moment - self._state.now()) / 1000)


@asynccontextmanager
async def _continuing_after_errors() -> AsyncGenerator[None]:
    """Log an error and pause: no error may end the deliveries of a whole run."""
    try:
        yield
    except Exception:  # noqa: BLE001 - logged
        _LOG.exception("A webhook delivery failed unexpectedly; deliveries continue")
        await asyncio.sleep(_PAUSE_AFTER_ERROR)


def batch_size(deliveries: Sequence[Row], form: Form) -> int:
    """Return how many of the waiting deliveries go out together: one, or all with the same disturbance."""
    if form.batches == "none":
        return 1
    disturbances = [(delivery["stale_by"], delivery["is_forged"]) for delivery in deliveries[:_MAX_BATCH]]
    return sum(1 for _ in takewhile(disturbances[0].__eq__, disturbances))


def next_wait(waits: Sequence[int], attempts_before: int, *, is_success: bool) -> int | None:
    """Return the wait before the next attempt, or None if there is none."""
    return None if is_success or attempts_before >= len(waits) else waits[attempts_before]


def is_idle(state: State) -> bool:
    """Return whether no delivery is due: each was made, or waits for its next attempt."""
    now = state.now()
    waiting = state.row("SELECT 1 FROM events WHERE is_published = 0 AND due_at <= ?", now)
    return waiting is None and state.row("SELECT 1 FROM deliveries WHERE due_at <= ?", now) is None


def _publish_due_events(state: State, disturbances: Disturbances) -> None:
    now = state.now()
    webhooks = [row for row in state.rows("SELECT * FROM webhooks ORDER BY position") if is_receiving(row, now)]
    for event in state.rows(_TO_PUBLISH, now) if webhooks else ():
        wanting = [row["webhook_id"] for row in webhooks if is_wanted(row["webhook_type"], event["event"])]
        event_id = complete(state, event) if wanting else ""
        for webhook_id in wanting:
            plan_delivery(state, event_id, webhook_id, disturbances.take(event["event"]))
    state.change("UPDATE events SET is_published = 1 WHERE is_published = 0 AND due_at <= ?", now)


_TO_PUBLISH = "SELECT * FROM events WHERE is_published = 0 AND due_at <= ? ORDER BY due_at, position"
_DUE = """SELECT deliveries.position, webhook_id, attempts, stale_by, is_forged,
        events.event_id, event, message_id, body
    FROM deliveries JOIN events USING (event_id) WHERE deliveries.due_at <= ?
    ORDER BY webhook_id, deliveries.position"""
# Deliveries that are due now are in a round. One minimum per table: SQLite uses an index for each, but not for both.
_NEXT = """SELECT min(due_at) FROM (SELECT min(due_at) AS due_at FROM events WHERE is_published = 0
    UNION ALL SELECT min(due_at) FROM deliveries WHERE due_at > ?)"""
