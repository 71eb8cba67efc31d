"""When events are delivered, tried again, and replayed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from blooio_sandbox.api.webhooks import is_receiving, require_log, require_webhook
from blooio_sandbox.deliveries.disturbances import Disturbances, plan_delivery
from blooio_sandbox.deliveries.events import complete, is_wanted
from blooio_sandbox.deliveries.posting import (
    DeliveryObserver,
    EventRequest,
    EventResponse,
    EventSender,
    event_response_view,
)
from blooio_sandbox.responses import ApiRequest, Json, Response
from blooio_sandbox.state.database import OutdatedError, Row, State, new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

# The real waits are 30 s, 1, 2, 4 and 8 minutes; here they are thirty times shorter.
DEFAULT_RETRY_SCHEDULE: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)

# What becomes due within some milliseconds is delivered together: a message in each would wake the deliverer in each.
_SHORTEST_SLEEP = 0.01


class Deliverer:
    """Delivers in the background whatever has become due."""

    def __init__(self, state: State, retry_schedule: Sequence[float], observer: DeliveryObserver) -> None:
        self._state = state
        self._waits = [round(seconds * 1000) for seconds in retry_schedule]
        self._woken = asyncio.Event()
        self._is_called = False
        self.sender: EventSender = EventSender(state, observer)
        self.disturbances: Disturbances = Disturbances()

    async def run(self) -> None:
        """Deliver until cancelled."""
        loop = asyncio.get_running_loop()
        self._state.wake_deliverer = lambda: self._wake(loop)
        try:
            while True:
                self._woken.clear()
                self._is_called = False
                await self._deliver_what_is_due()
                await self._sleep_until_something_is_due()
        finally:
            await self.sender.close()

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        # Whoever was called and has not looked yet will see what is new; a loop that has ended has nobody left to wake.
        if not self._is_called:
            self._is_called = True
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    async def _deliver_what_is_due(self) -> None:
        with self._state.transaction():
            generation = self._state.generation
            _publish_due_events(self._state, self.disturbances)
            due = self._state.rows(_DUE, self._state.now())
        rounds = [list(rows) for _, rows in groupby(due, key=lambda row: row["webhook_id"])]
        await asyncio.gather(*(self._deliver_while_remembered(rows, generation) for rows in rounds))

    async def _deliver_while_remembered(self, deliveries: list[Row], generation: int) -> None:
        with suppress(OutdatedError):
            await self._deliver_in_order(deliveries, generation)

    async def _deliver_in_order(self, deliveries: list[Row], generation: int) -> None:
        # One webhook gets its events in order, and a slow one does not hold up the others.
        for delivery in deliveries:
            webhook = self._state.row("SELECT * FROM webhooks WHERE webhook_id = ?", delivery["webhook_id"])
            if webhook is not None:
                event_response = await self.sender.deliver(webhook, _event_request(delivery), generation)
                self._settle(delivery, event_response, generation)

    def _settle(self, delivery: Row, event_response: EventResponse, generation: int) -> None:
        wait = next_wait(self._waits, delivery["attempts"], is_success=event_response.is_success)
        due_at = None if wait is None else self._state.now() + wait
        with self._state.transaction(generation):
            statement = "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE position = ?"
            self._state.change(statement, due_at, delivery["position"])

    async def _sleep_until_something_is_due(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds_until_something_is_due()):
                await self._woken.wait()

    def _seconds_until_something_is_due(self) -> float | None:
        moment: int | None = self._state.value(_NEXT)
        if moment is None:
            return None
        remaining = (moment - self._state.now()) / 1000
        # A stepped clock stands still: only an advance, which wakes us, brings later things about.
        return None if self._state.clock.kind == "stepped" and remaining > 0 else max(_SHORTEST_SLEEP, remaining)


def next_wait(waits: Sequence[int], attempts_before: int, *, is_success: bool) -> int | None:
    """Return how long to wait until the next attempt, or None if there will be none."""
    return None if is_success or attempts_before >= len(waits) else waits[attempts_before]


def is_idle(state: State) -> bool:
    """Say whether everything that is due has been delivered, or has failed and waits for its next attempt."""
    now = state.now()
    waiting = state.row("SELECT 1 FROM events WHERE is_published = 0 AND due_at <= ?", now)
    return waiting is None and state.row("SELECT 1 FROM deliveries WHERE due_at <= ?", now) is None


async def replay_webhook_event(request: ApiRequest, state: State, sender: EventSender, generation: int) -> Response:
    """Handle replayWebhookEvent: the original body goes out again at once, under a new event id."""
    with state.locked(generation):
        webhook, log = require_webhook(state, request), require_log(state, request)
    event_request = EventRequest(new_id("evt"), log["event"], log["message_id"], log["body"], log["event_id"])
    return Response(_replay_view(webhook, event_request, await sender.deliver(webhook, event_request, generation)))


def _replay_view(webhook: Row, event_request: EventRequest, event_response: EventResponse) -> Json:
    return {
        "success": event_response.is_success,
        "replay_event_id": event_request.event_id,
        "original_event_id": event_request.original_event_id,
        "webhook_id": webhook["webhook_id"],
        "webhook_url": webhook["webhook_url"],
        **({} if event_response.status is None else {"response_status": event_response.status}),
        "duration_ms": event_response.duration_ms,
        "response_data": event_response_view(event_response),
    }


def _publish_due_events(state: State, disturbances: Disturbances) -> None:
    now = state.now()
    webhooks = [row for row in state.rows("SELECT * FROM webhooks ORDER BY position") if is_receiving(row, now)]
    for event in state.rows(_TO_PUBLISH, now) if webhooks else ():
        wanting = [row["webhook_id"] for row in webhooks if is_wanted(row["webhook_type"], event["event"])]
        event_id = complete(state, event) if wanting else ""
        for webhook_id in wanting:
            plan_delivery(state, event_id, webhook_id, disturbances.take(event["event"]))
    state.change("UPDATE events SET is_published = 1 WHERE is_published = 0 AND due_at <= ?", now)


def _event_request(delivery: Row) -> EventRequest:
    attempt = delivery["attempts"] + 1
    event_request = EventRequest(
        delivery["event_id"], delivery["event"], delivery["message_id"], delivery["body"], attempt=attempt
    )
    # Only the first attempt is disturbed: a receiver that refused it gets a proper one when it is tried again.
    if delivery["attempts"]:
        return event_request
    return replace(event_request, stale_by=delivery["stale_by"], is_forged=bool(delivery["is_forged"]))


_TO_PUBLISH = "SELECT * FROM events WHERE is_published = 0 AND due_at <= ? ORDER BY due_at, position"
_DUE = """SELECT deliveries.position, webhook_id, attempts, stale_by, is_forged,
        events.event_id, event, message_id, body
    FROM deliveries JOIN events USING (event_id) WHERE deliveries.due_at <= ?
    ORDER BY webhook_id, deliveries.position"""
# One minimum of each, since SQLite takes a minimum from an index, but not that of two tables together.
_NEXT = """SELECT min(due_at) FROM (SELECT min(due_at) AS due_at FROM events WHERE is_published = 0
    UNION ALL SELECT min(due_at) FROM deliveries WHERE due_at IS NOT NULL)"""
