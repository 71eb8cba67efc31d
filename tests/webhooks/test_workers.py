"""Threads and tasks that handle events: concurrently, in order, each handler once."""

# pyright: standard
# Strict mode rejects doubles, rows of databases and looks inside; mypy checks this file strictly.

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from deliveries import SECRET, delivery, message

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import (
    Burst,
    Entry,
    Event,
    MemoryStore,
    MessageEvent,
    MessageReceived,
    Noted,
    Receiver,
    SQLiteStore,
    TypingStarted,
)
from blooio_overrides.webhooks.stores.core import SQL
from blooio_overrides.webhooks.worker import PAUSES

HOUR = 3600.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver whose threads end with the test."""
    receiver = Receiver(secret=SECRET)
    yield receiver
    receiver.stop()


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The offset of the stores' clock, which a test can change."""
    ahead = [0.0]
    for kind in SQL.__subclasses__():
        now = kind._now
        monkeypatch.setattr(kind, "_now", lambda store, execute, now=now: now(store, execute) + ahead[0])
    return ahead


def run_for_a_month(receiver: Receiver, ahead: list[float]) -> None:
    """Drain a receiver while time advances."""
    for _ in range(30 * 24):
        receiver.drain()
        ahead[0] += HOUR


def is_running(receiver: Receiver) -> bool:
    """Whether events are handled as they arrive."""
    return receiver.is_running


class BrokenStore(MemoryStore):
    """A store that fails until it is repaired."""

    def __init__(self, *methods: str) -> None:
        super().__init__()
        self.broken = set(methods)
        self.was_asked = threading.Event()

    def _fail(self, method: str) -> None:
        if method in self.broken:
            self.was_asked.set()
            raise OSError("canary")

    def note(self, entries: Sequence[Entry]) -> int:
        """Fail, or store events."""
        self._fail("note")
        return super().note(entries)

    def take(self) -> Noted | None:
        """Fail, or take."""
        self._fail("take")
        return super().take()

    def finish(self, noted: Noted) -> None:
        """Fail, or finish."""
        self._fail("finish")
        super().finish(noted)

    def renew(self, tickets: Sequence[str]) -> None:
        """Fail, or renew."""
        self._fail("renew")
        super().renew(tickets)


def test_a_delivery_that_cannot_be_noted_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    """If the store fails, the response is 503, so that Blooio delivers again."""
    store = BrokenStore("note")
    receiver, came = Receiver(secret=SECRET, store=store), delivery()
    assert receiver.receive(came) == 503
    store.broken.clear()

    assert receiver.receive(came) == 200
    assert receiver.drain() == 1
    assert "store of webhook events failed: OSError" in caplog.text
    assert "canary" not in caplog.text


def test_a_body_that_cannot_be_written_again_is_malformed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is nested too deeply to be stored is rejected."""

    def fail(*_: object, **__: object) -> str:
        raise RecursionError

    came = delivery()
    monkeypatch.setattr(json, "dumps", fail)
    assert receiver.receive(came) == 400


def test_draining_a_broken_store_raises() -> None:
    """The store's error passes through drain and adrain."""
    receiver = Receiver(secret=SECRET, store=BrokenStore("take"))
    with pytest.raises(OSError, match="canary"):
        receiver.drain()
    with pytest.raises(OSError, match="canary"):
        anyio.run(receiver.adrain)


def test_threads_handle_what_comes(receiver: Receiver) -> None:
    """Once started, events are handled at once, including leftover ones; after a stop, they wait."""
    handled: dict[str | None, threading.Event] = {text: threading.Event() for text in "abc"}
    receiver.on(MessageEvent)(lambda event: handled[event.text].set())
    receiver.receive(message("a"))
    receiver.start()
    receiver.start()
    assert is_running(receiver)
    assert handled["a"].wait(5.0)
    receiver.receive(message("b"))
    assert handled["b"].wait(5.0)
    receiver.stop()
    receiver.stop()
    assert not is_running(receiver)
    receiver.receive(message("c"))
    assert not handled["c"].is_set()
    receiver.start()
    assert handled["c"].wait(5.0)


def test_a_drain_handles_what_comes_while_a_handler_is_busy(receiver: Receiver) -> None:
    """In another thread, up to `concurrency`; after its end, nothing is left to be woken."""
    came = threading.Event()

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        if event.text == "first":
            receiver.receive(delivery(external_id="+15550000002", text="second"))
            assert came.wait(60.0)
        came.set()

    receiver.receive(delivery(external_id="+15550000001", text="first"))
    assert receiver.drain() == 2
    assert not receiver.wake()


def test_an_idle_receiver_wakes_at_once(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event is handled as soon as it is stored, without waiting for the next poll."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.POLL", 3600.0)
    handled = threading.Semaphore(0)
    receiver.on(Event)(lambda _: handled.release())
    receiver.start()
    for number in range(5):
        receiver.receive(message(f"{number}"))
        assert handled.acquire(timeout=30.0)


def test_a_retry_runs_when_it_is_due(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A waiting worker wakes up when a retry is due."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.PAUSES", (0.05,))
    runs, handled = Counter[str](), threading.Event()

    @receiver.on(Event)
    def fail_once(event: Event) -> None:
        runs[event.dedupe_key] += 1
        if runs[event.dedupe_key] == 1:
            raise ValueError
        handled.set()

    receiver.start()
    receiver.receive(message("a"))
    assert handled.wait(30.0)


def test_threads_survive_their_store() -> None:
    """A store that fails temporarily delays events but loses none."""
    store, handled = BrokenStore("take"), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)
    receiver.on(Event)(lambda _: handled.set())
    receiver.start()
    assert store.was_asked.wait(5.0)
    store.broken.clear()
    receiver.receive(delivery())

    assert handled.wait(5.0)
    receiver.stop()


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
def test_threads_survive_a_handler_that_would_end_them(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Any exception of a handler is a failure and is retried."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.PAUSES", (0.01,))
    runs, handled = [0], threading.Event()

    async def end_once(_: Event) -> None:
        runs[0] += 1
        if runs[0] == 1:
            raise error
        handled.set()

    def call(event: Event) -> Any:
        if error is asyncio.CancelledError:
            return end_once(event)
        runs[0] += 1
        if runs[0] > 1:
            handled.set()
            return None
        raise error

    receiver.on(Event)(call)
    receiver.receive(delivery())
    receiver.start()

    assert handled.wait(5.0)


@pytest.mark.parametrize("is_awaiting", [False, True])
def test_what_a_handler_returned_for_survives_a_store_that_fails(is_awaiting: bool) -> None:
    """Recording that a handler has returned is retried, or it would run again."""
    store = BrokenStore("finish")
    receiver, runs = Receiver(secret=SECRET, store=store), [0]

    @receiver.on(Event)
    def run(_: Event) -> None:
        runs[0] += 1
        threading.Timer(0.05, store.broken.clear).start()

    receiver.receive(delivery())
    assert (anyio.run(receiver.adrain) if is_awaiting else receiver.drain()) == 1
    assert receiver.drain() == 0
    assert runs == [1]


def test_threads_wait_for_a_store_that_fails() -> None:
    """Permanent workers retry until the store works again, and then continue."""
    store, runs, is_done = BrokenStore("finish"), list[str | None](), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)

    @receiver.on(MessageReceived)
    def run(event: MessageReceived) -> None:
        runs.append(event.text)
        if event.text == "b":
            is_done.set()

    receiver.receive(message("a"))
    receiver.receive(message("b"))
    receiver.start()
    assert store.was_asked.wait(5.0)
    store.broken.clear()

    assert is_done.wait(5.0)
    receiver.stop()
    assert runs == ["a", "b"]


class InterruptedStore(MemoryStore):
    """A store that is interrupted once while it marks a handler as done."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = list[str]()

    def mark(self, noted: Noted, handler: str) -> None:
        """Be interrupted, or mark."""
        self.marks.append(handler)
        if len(self.marks) == 1:
            raise KeyboardInterrupt
        super().mark(noted, handler)


def test_an_interruption_in_the_store_forgets_no_handler() -> None:
    """A handler that has returned does not run again, even if marking it was interrupted."""
    store, ran = InterruptedStore(), list[str]()
    receiver = Receiver(secret=SECRET, store=store)

    @receiver.on(Event)
    def first(_: Event) -> None:
        ran.append("first")

    @receiver.on(Event)
    def second(_: Event) -> None:
        ran.append("second")

    receiver.receive(delivery())
    with pytest.raises(KeyboardInterrupt):
        receiver.drain()

    assert receiver.drain() == 1
    assert ran == ["first", "second"]
    assert len(store.marks) == 2
    assert len(set(store.marks)) == 1


class AskedStore(MemoryStore):
    """A store that counts how often it had nothing to hand out."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)

    def pause(self) -> float | None:
        """Count."""
        self.asked.release()
        return super().pause()


def test_a_thread_waits_while_another_one_is_busy_with_a_chat() -> None:
    """The events of a chat are handled in order while another thread looks for those of other chats."""
    store, seen, is_done = AskedStore(), list[str | None](), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        assert store.asked.acquire(timeout=5.0)  # the other thread has found nothing
        seen.append(event.text)
        if len(seen) == len(texts):
            is_done.set()

    texts = [f"text {number}" for number in range(20)]
    for text in texts:
        receiver.receive(message(text))
    receiver.start()

    assert is_done.wait(10.0)
    receiver.stop()
    assert seen == texts


def test_a_store_that_never_works_again_does_not_hold_a_drain_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopping worker gives up after a while, and the event's lease expires."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.SETTLE_FOR", 0.0)
    receiver = Receiver(secret=SECRET, store=BrokenStore("finish"))
    receiver.receive(delivery())
    receiver.drain()
    assert receiver.status().in_hand == 1


def workers() -> list[threading.Thread]:
    """The threads that handle events."""
    return [thread for thread in threading.enumerate() if thread.name == "blooio-webhooks"]


def test_a_child_process_has_no_thread(receiver: Receiver) -> None:
    """After a fork there is no worker, and the next start creates one."""
    receiver.start()
    parents, before = vars(receiver)["_thread"], len(workers())
    receiver._reset_after_fork()
    assert not is_running(receiver)
    receiver.start()

    assert len(workers()) == before + 1
    receiver.stop()
    parents.stop()
    for thread in workers():
        thread.join(5.0)
    assert workers() == []


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_handles_what_was_left(backend: str) -> None:
    """While a block runs, events are handled in its event loop, also after the store failed; its errors propagate."""
    store = BrokenStore("take")
    receiver = Receiver(secret=SECRET, store=store)

    async def run() -> None:
        handled = anyio.Event()

        async def handle(_: Event) -> None:
            await anyio.lowlevel.checkpoint()
            handled.set()

        receiver.on(Event)(handle)
        with anyio.fail_after(5.0):
            async with receiver.running():
                await anyio.to_thread.run_sync(store.was_asked.wait)
                store.broken.clear()
                receiver.receive(delivery())
                await handled.wait()
                raise LookupError

    with pytest.raises(LookupError):
        anyio.run(run, backend=backend)
    assert receiver.drain() == 0


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_cancelled_is_given_back(tmp_path: Path, backend: str) -> None:
    """A lifespan that ends during a handler leaves the event to the next one, without counting the attempt."""
    with SQLiteStore(tmp_path / "events.db") as store:
        receiver = Receiver(secret=SECRET, store=store, max_attempts=1)
        runs: list[str] = []

        async def wait_once(event: Event) -> None:
            runs.append(event.type)
            if len(runs) == 1:
                await anyio.sleep_forever()

        receiver.on(Event)(wait_once)
        receiver.receive(delivery())

        async def cancel() -> None:
            async with receiver.running():
                while not runs:
                    await anyio.lowlevel.checkpoint()

        anyio.run(cancel, backend=backend)
        assert receiver.drain() == 1
        assert len(runs) == 2


@pytest.mark.parametrize("how", ["timeout", "cancel", "scope"])
def test_cancelling_a_drain_loses_nothing_and_repeats_nothing(how: str) -> None:
    """However `adrain` is cancelled, each event is handled by exactly one handler that returned."""
    receiver, runs = Receiver(secret=SECRET), Counter[str]()

    @receiver.on(Event)
    async def run(event: Event) -> None:
        await asyncio.sleep(0)
        runs[event.dedupe_key] += 1

    for number in range(200):
        receiver.receive(message(f"{number}"))

    async def cut(seconds: float) -> None:
        if how == "timeout":
            async with asyncio.timeout(seconds):
                await receiver.adrain()
        elif how == "scope":
            with anyio.move_on_after(seconds):
                await receiver.adrain()
        else:
            task = asyncio.create_task(receiver.adrain())
            await asyncio.sleep(seconds)
            task.cancel()
            await task

    async def main() -> None:
        for number in range(60):
            try:
                await cut(0.0005 + number % 7 * 0.0005)
            except (TimeoutError, asyncio.CancelledError):
                continue
        await receiver.adrain()

    asyncio.run(main())
    assert (len(runs), set(runs.values())) == (200, {1})


def test_an_interrupted_drain_gives_back(receiver: Receiver) -> None:
    """An interruption while a drain waits for its threads cancels async handlers and leaves their events."""
    runs = [0]

    @receiver.on(Event)
    async def hang_once(_: Event) -> None:
        runs[0] += 1
        if runs[0] == 1:
            await anyio.sleep_forever()

    @receiver.on(MessageReceived)
    def plain(event: MessageReceived) -> None:
        if event.text == "b":
            raise KeyboardInterrupt

    receiver.receive(message("a"))
    receiver.receive(message("b", "+15557654321"))
    with pytest.raises(KeyboardInterrupt):
        receiver.drain()
    assert receiver.status().waiting == 2


@pytest.mark.parametrize("is_async", [False, True])
def test_chats_run_side_by_side_and_in_order(is_async: bool) -> None:
    """Handlers of different chats overlap; those of one chat run one at a time, in order."""
    receiver = Receiver(secret=SECRET, concurrency=4)
    started = threading.Barrier(4, timeout=10.0)
    seen: dict[str | None, list[str | None]] = {}
    busy: set[str | None] = set()

    def enter(event: MessageReceived) -> None:
        assert event.chat_id not in busy
        busy.add(event.chat_id)
        seen.setdefault(event.chat_id, []).append(event.text)

    async def handle(event: MessageReceived) -> None:
        enter(event)
        await anyio.to_thread.run_sync(started.wait)
        busy.discard(event.chat_id)

    def plain(event: MessageReceived) -> None:
        enter(event)
        started.wait()
        busy.discard(event.chat_id)

    receiver.on(MessageReceived)(handle if is_async else plain)
    for number in range(5):
        for chat in range(4):
            receiver.receive(message(f"{number}", f"+1555000000{chat}"))
    assert receiver.drain() == 20
    assert set(map(tuple, seen.values())) == {tuple("01234")}


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


def test_an_event_that_ends_its_process_is_buried(ahead: list[float]) -> None:
    """An event whose worker died `max_attempts` times becomes a dead letter and is not run again."""
    dead: list[str] = []
    receiver = Receiver(secret=SECRET, max_attempts=2, on_dead=lambda _, error: dead.append(str(error)))
    receiver.on(Event)(lambda _: dead.append("ran"))
    receiver.receive(delivery())
    store = receiver.work.store
    for _ in range(2):
        assert store.take() is not None
        ahead[0] += 2 * store.lease
        vars(store)["_looked_at"] = float("-inf")
    receiver.drain()
    assert dead == ["workers died too often while handling this event"]
    assert [letter.error for letter in store.dead_letters()] == ["WorkerLost"]


def test_callbacks_that_fail_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Exceptions of `on_error` are logged; it may be async."""
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
    """A sync handler cannot be cancelled: log and status show which one hangs, in which chat, and how long."""
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


def test_leases_are_renewed_while_a_handler_runs(tmp_path: Path) -> None:
    """A handler may run much longer than a lease, even if one renewal fails."""
    with SQLiteStore(tmp_path / "events.db", lease=0.3) as store, SQLiteStore(tmp_path / "events.db") as other:
        receiver, renewals = Receiver(secret=SECRET, store=store), []
        renew = store.renew

        def count(tickets: Sequence[str]) -> None:
            renewals.append(tickets)
            if len(renewals) == 1:
                raise OSError
            renew(tickets)

        store.renew = count  # type: ignore[method-assign]

        @receiver.on(Event)
        def slow(_: Event) -> None:
            until = time.monotonic() + 1.0
            while time.monotonic() < until or len(renewals) < 3:
                time.sleep(0.05)
                other._looked_at = float("-inf")
                assert other.take() is None

        receiver.receive(delivery())
        assert receiver.drain() == 1


def test_a_burst_is_answered_once(ahead: list[float]) -> None:
    """Three messages in a row are one burst, in order; a retry gets the same events, later ones form the next burst."""
    receiver = Receiver(secret=SECRET)
    bursts: list[tuple[str, str, bool]] = []

    @receiver.on_burst(MessageReceived, quiet=2.0, max_wait=20.0)
    def answer(burst: Burst) -> None:
        if not bursts:
            receiver.receive(message("late"))
        bursts.append((burst.text, burst.dedupe_key, burst.superseded))
        assert burst.chat_id == burst.last.chat_id == "+15551234567"
        assert "canary" not in repr(burst)
        if len(bursts) < 2:
            raise ValueError

    for text in ("one", "two", "three"):
        receiver.receive(message(text))
        receiver.drain()
        ahead[0] += 1.0
    receiver.receive(delivery("typing.started"))
    receiver.receive(delivery("typing.stopped"))
    receiver.receive(delivery("message.read"))
    receiver.drain()
    assert bursts == []
    for _ in range(6):
        ahead[0] += 30.0
        receiver.drain()

    (first, again, late) = sorted(bursts, key=lambda burst: burst[0] == "late")
    assert first == again == ("one\ntwo\nthree", first[1], True)
    assert late == ("late", late[1], False)
    assert late[1] != first[1]


@pytest.mark.parametrize(
    ("kind", "options"),
    [(Event, {}), (TypingStarted, {}), (MessageReceived, {"quiet": 0}), (MessageReceived, {"max_wait": "1"})],
)
def test_bursts_are_of_messages(receiver: Receiver, kind: Any, options: dict[str, Any]) -> None:
    """A burst of anything else, or without a time, raises an error."""
    with pytest.raises(InvalidArgumentError):
        receiver.on_burst(kind, **options)


@pytest.mark.parametrize("option", ["concurrency", "max_attempts", "handler_timeout"])
@pytest.mark.parametrize("value", [0, -1, "1", True])
def test_options_are_numbers(option: str, value: Any) -> None:
    """A number out of range raises an error that names it."""
    with pytest.raises(InvalidArgumentError, match=option):
        Receiver(secret=SECRET, **{option: value})
