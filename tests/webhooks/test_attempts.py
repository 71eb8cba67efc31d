"""How often a handler runs: once if it returns, a bounded number of times if it fails or hangs."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from deliveries import SECRET, delivery

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import (
    Event,
    MessageReceived,
    Receiver,
    SQLiteStore,
)
from blooio_overrides.webhooks.work import PAUSES

HOUR = 3600.0


def run_for_a_month(receiver: Receiver, ahead: list[float]) -> None:
    """Drain a receiver while time advances."""
    for _ in range(30 * 24):
        receiver.drain()
        ahead[0] += HOUR


def test_each_handler_runs_once(ahead: list[float], caplog: pytest.LogCaptureFixture) -> None:
    """A handler that returned does not run again if another one fails; after `max_attempts`, the event is dead."""
    dead: list[str] = []
    errors: list[str] = []
    receiver = Receiver(
        secret=SECRET,
        max_attempts=3,
        on_error=lambda _, error: errors.append(type(error).__name__),
        on_dead=lambda _, error: dead.append(str(error)),
    )
    runs = Counter[str]()

    @receiver.on(MessageReceived)
    def reply(_: MessageReceived) -> None:
        runs["reply"] += 1

    @receiver.on(Event)
    def fail(_: Event) -> None:
        runs["fail"] += 1
        raise ValueError("canary")

    @receiver.on(Event)
    async def log(_: Event) -> None:
        runs["log"] += 1

    receiver.receive(delivery())
    run_for_a_month(receiver, ahead)
    assert runs == {"reply": 1, "fail": 3, "log": 1}
    assert (errors, dead) == (["ValueError"] * 3, ["canary"])
    assert "canary" not in caplog.text
    assert "dead letter after 3 attempts" in caplog.text
    (letter,) = receiver.work.store.dead_letters()
    assert (letter.error, letter.attempts, receiver.status().dead) == ("ValueError", 3, 1)
    assert (letter.event.type, letter.events) == ("message.received", (letter.event,))

    with pytest.raises(InvalidArgumentError, match="allow_duplicates=True"):
        receiver.retry(letter)
    with pytest.raises(InvalidArgumentError, match="no dead letter"):
        receiver.retry("other")
    receiver.retry(letter.key, allow_duplicates=True)
    run_for_a_month(receiver, ahead)
    assert runs == {"reply": 1, "fail": 6, "log": 1}


def test_a_dead_letter_within_the_window_is_retried(ahead: list[float]) -> None:
    """A dead letter up to 20 hours old is retried, also by a running receiver."""
    receiver, is_mended, handled = Receiver(secret=SECRET, max_attempts=1), threading.Event(), threading.Event()

    @receiver.on(Event)
    def fail(_: Event) -> None:
        if not is_mended.is_set():
            raise ValueError
        handled.set()

    receiver.receive(delivery())
    receiver.drain()
    is_mended.set()
    ahead[0] += 19 * HOUR
    (letter,) = receiver.work.store.dead_letters()
    receiver.start()
    receiver.retry(letter)
    assert handled.wait(30.0)
    receiver.stop()


def test_nothing_is_tried_again_after_the_window(ahead: list[float]) -> None:
    """No attempt is made 20 hours after the first one; the first one may be late."""
    receiver, runs = Receiver(secret=SECRET, max_attempts=10**6), [ahead[0]]
    runs.clear()

    @receiver.on(Event)
    def fail(_: Event) -> None:
        runs.append(ahead[0])
        raise ValueError

    receiver.receive(delivery())
    ahead[0] += 48 * HOUR
    run_for_a_month(receiver, ahead)
    assert len(runs) > len(PAUSES)
    assert runs[0] == 48 * HOUR
    assert 18 * HOUR < max(runs) - min(runs) <= 20 * HOUR
    assert receiver.status().dead == 1


def test_an_interrupted_attempt_is_not_repeated_after_the_window(
    ahead: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """An event whose handler was cancelled is tried again within 20 hours; after that, it is a dead letter."""
    dead: list[str] = []
    receiver = Receiver(secret=SECRET, on_dead=lambda _, error: dead.append(str(error)))
    runs, started = Counter[str](), threading.Event()

    @receiver.on(MessageReceived)
    async def reply(_: MessageReceived) -> None:
        runs["reply"] += 1
        if runs["reply"] <= 2:
            started.set()
            await anyio.sleep_forever()

    async def interrupted() -> None:
        async with anyio.create_task_group() as group:
            started.clear()
            group.start_soon(receiver.adrain)
            await anyio.to_thread.run_sync(started.wait, 30.0)
            group.cancel_scope.cancel()

    receiver.receive(delivery())
    for _ in range(2):
        anyio.run(interrupted)
        ahead[0] += 19 * HOUR
    receiver.drain()

    assert runs == {"reply": 2}
    assert dead == ["its first attempt was more than 20 hours ago"]
    assert [letter.error for letter in receiver.work.store.dead_letters()] == ["Expired"]
    assert "became a dead letter: its first attempt was more than 20 hours ago" in caplog.text


def test_a_retry_that_starts_after_the_window_is_not_made(ahead: list[float]) -> None:
    """A dead letter that was revived in time, but is only reached after 20 hours, is not handled."""
    receiver, runs = Receiver(secret=SECRET, max_attempts=1), Counter[str]()

    @receiver.on(MessageReceived)
    def fail(_: MessageReceived) -> None:
        runs["fail"] += 1
        raise ValueError

    receiver.receive(delivery())
    receiver.drain()
    ahead[0] += 19 * HOUR
    (letter,) = receiver.work.store.dead_letters()
    receiver.retry(letter)
    ahead[0] += 2 * HOUR
    receiver.drain()
    assert runs == {"fail": 1}
    receiver.retry(letter.key, allow_duplicates=True)
    receiver.drain()
    assert runs == {"fail": 2}


def test_an_event_that_ends_its_process_is_buried(ahead: list[float]) -> None:
    """An event whose worker died `max_attempts` times becomes a dead letter and is not run again."""
    dead: list[str] = []
    receiver = Receiver(secret=SECRET, max_attempts=2, on_dead=lambda _, error: dead.append(str(error)))
    receiver.on(Event)(lambda _: dead.append("ran"))
    receiver.receive(delivery())
    store = receiver.work.store
    for _ in range(2):
        assert store.claim() is not None
        ahead[0] += 0.6 * store.lease
        vars(store)["_looked_at"] = float("-inf")
        assert store.claim() is None
        ahead[0] += 0.6 * store.lease
        vars(store)["_looked_at"] = float("-inf")
    receiver.drain()
    assert dead == ["workers died too often while handling this event"]
    assert [letter.error for letter in store.dead_letters()] == ["WorkerLost"]


def test_callbacks_that_fail_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Exceptions from `on_error`, sync or async, are logged."""
    seen: list[str] = []

    async def on_error(event: Event, _: BaseException) -> None:
        seen.append(event.type)
        raise LookupError("canary")

    receiver = Receiver(secret=SECRET, on_error=on_error)
    receiver.on(Event)(lambda _: 1 / 0)
    receiver.receive(delivery())
    assert receiver.drain() == 0
    assert seen == ["message.received"]
    assert "on_error or on_dead failed: LookupError" in caplog.text
    assert "canary" not in caplog.text


def test_an_async_handler_that_hangs_is_cancelled() -> None:
    """After `handler_timeout` seconds, it counts as failed, and its event is retried."""
    errors: list[str] = []
    receiver = Receiver(secret=SECRET, handler_timeout=0.05, on_error=lambda _, error: errors.append(str(error)))

    @receiver.on(Event)
    async def hang(_: Event) -> None:
        await anyio.sleep_forever()

    receiver.receive(delivery())
    assert receiver.drain() == 0
    assert errors == ["the handler was cancelled after 0.05 seconds (handler_timeout)"]
    assert receiver.status().postponed == 1


def test_a_plain_handler_that_hangs_is_reported() -> None:
    """A sync handler that hangs cannot be cancelled; log and status show which one, its chat and for how long."""
    receiver, is_reported = Receiver(secret=SECRET, handler_timeout=0.05), threading.Event()
    reports: list[str] = []
    running: list[Any] = []

    class Reported(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "has been running" in (text := record.getMessage()):
                reports.append(text)
                is_reported.set()

    logger, listening = logging.getLogger("blooio_client"), Reported()
    logger.addHandler(listening)

    @receiver.on(Event)
    def hang(_: Event) -> None:
        assert is_reported.wait(30.0)
        running.extend(receiver.status().running)

    receiver.receive(delivery())
    try:
        assert receiver.drain() == 1
    finally:
        logger.removeHandler(listening)
    assert "of message.received in chat ·····4567 has been running" in reports[0]
    (event,) = running
    assert (event.type, event.chat) == ("message.received", "·····4567")
    assert event.handler.endswith("hang")
    assert event.seconds >= 0.05
    assert receiver.status().running == ()
    assert receiver.status().handled == 1


def test_leases_are_renewed_while_a_handler_runs(tmp_path: Path, ahead: list[float]) -> None:
    """A handler may run much longer than a lease, even if one renewal fails."""
    path = tmp_path / "events.db"
    with SQLiteStore(path, lease=0.3) as store, SQLiteStore(path, lease=0.3) as other:
        receiver, renewed = Receiver(secret=SECRET, store=store), threading.Semaphore(0)
        failures, renew = [OSError()], store.renew

        def fail_once(tickets: Sequence[str]) -> None:
            if failures:
                raise failures.pop()
            renew(tickets)
            renewed.release()

        store.renew = fail_once  # type: ignore[method-assign]

        @receiver.on(Event)
        def slow(_: Event) -> None:
            for _turn in range(5):
                assert renewed.acquire(timeout=30.0)
                ahead[0] += store.lease * 0.9
                vars(other)["_looked_at"] = float("-inf")
                assert other.claim() is None

        receiver.receive(delivery())
        assert receiver.drain() == 1
