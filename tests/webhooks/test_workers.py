"""Threads that handle events: concurrently, in order, and with stores that fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError
from pathlib import Path

import anyio
import pytest
from deliveries import SECRET, delivery, message
from no_threads import no_more_threads
from webhook_stores import BrokenStore, transact

from blooio_overrides.webhooks import (
    Entry,
    Event,
    MemoryStore,
    MessageEvent,
    MessageReceived,
    Noted,
    Receiver,
    SQLiteStore,
)


def is_running(receiver: Receiver) -> bool:
    """Return whether events are handled as they arrive."""
    return receiver.is_running


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


def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """While the disk is full, the response is 503, and the log says so; then the same delivery is accepted."""
    with SQLiteStore(tmp_path / "events.db") as store:
        receiver, came = Receiver(secret=SECRET, store=store), delivery(text="canary" * 10_000)

        def limit(pages: int) -> None:
            transact(store, lambda execute: execute(f"PRAGMA max_page_count = {pages}"))

        limit(1)  # as many as there are
        assert receiver.receive(came) == 503
        assert "store of webhook events failed: OperationalError, SQLITE_FULL" in caplog.text
        assert "canary" not in caplog.text
        limit(2**31)
        assert receiver.receive(came) == 200
        assert receiver.drain() == 1


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


def test_threads_handle_events(receiver: Receiver) -> None:
    """Once started, a receiver handles events at once, including leftover ones; after a stop, events wait."""
    handled: dict[str | None, threading.Event] = {text: threading.Event() for text in "abc"}
    receiver.on(MessageEvent)(lambda event: handled[event.text].set())
    receiver.receive(message("a"))
    receiver.start()
    receiver.start()
    assert is_running(receiver)
    assert handled["a"].wait(30.0)
    receiver.receive(message("b"))
    assert handled["b"].wait(30.0)
    receiver.stop()
    receiver.stop()
    assert not is_running(receiver)
    receiver.receive(message("c"))
    assert not handled["c"].is_set()
    receiver.start()
    assert handled["c"].wait(30.0)


def test_a_drain_handles_events_that_arrive_meanwhile(receiver: Receiver) -> None:
    """A drain handles events that arrive meanwhile in other threads, up to `concurrency`, and leaves none running."""
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


def test_an_event_that_arrives_during_a_search_is_handled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event stored just after a worker found nothing does not wait for the next poll."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.POLL", 60.0)
    handled = threading.Event()

    class LateStore(MemoryStore):
        """A store in which an event arrives at the end of the first search."""

        def take(self) -> Noted | None:
            """Find nothing the first time."""
            found = super().take()
            if not came:
                came.append(receiver.receive(message("a")))
            return found

    came = list[int]()
    receiver = Receiver(secret=SECRET, store=LateStore())
    receiver.on(MessageEvent)(lambda _: handled.set())
    receiver.start()

    assert handled.wait(30.0)
    receiver.stop()


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
    """A store that fails temporarily delays events, and none is lost."""
    store, handled = BrokenStore("take"), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)
    receiver.on(Event)(lambda _: handled.set())
    receiver.start()
    assert store.was_asked.wait(30.0)
    store.broken.clear()
    receiver.receive(delivery())

    assert handled.wait(30.0)
    receiver.stop()


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError, FutureCancelledError])
def test_threads_survive_a_handler_that_would_end_them(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], is_async: bool
) -> None:
    """Any exception that a handler or `on_error` raises counts as a failure, and the event is retried."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.PAUSES", (0.01,))
    runs, handled = [0], threading.Event()

    def end_once(_: Event) -> None:
        runs[0] += 1
        if runs[0] == 1:
            raise error
        handled.set()

    async def end_the_loop_once(event: Event) -> None:
        end_once(event)

    def end_too(_event: Event, error: BaseException) -> None:
        raise error

    receiver.on(Event)(end_the_loop_once if is_async else end_once)
    receiver.work.on_error = end_too
    receiver.receive(delivery())
    receiver.start()

    assert handled.wait(30.0)
    assert is_running(receiver)


@pytest.mark.parametrize("is_awaiting", [False, True])
def test_a_handled_event_survives_a_store_that_fails(is_awaiting: bool) -> None:
    """Recording that a handler has returned is retried; otherwise, the handler would run again."""
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
    """Running workers retry until the store works again, and then continue."""
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
    assert store.was_asked.wait(30.0)
    store.broken.clear()

    assert is_done.wait(30.0)
    receiver.stop()
    assert runs == ["a", "b"]


class InterruptedStore(MemoryStore):
    """A store that is interrupted once while it marks a handler as done."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = list[str]()

    def mark(self, noted: Noted, handler: str) -> None:
        """Raise once, then mark."""
        self.marks.append(handler)
        if len(self.marks) == 1:
            raise KeyboardInterrupt
        super().mark(noted, handler)


def test_an_interruption_in_the_store_skips_no_handler() -> None:
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


def test_a_worker_that_was_stopped_starts_no_handler() -> None:
    """An event that a worker was taking when it was stopped is left for the next one, without counting an attempt."""

    class StoppingStore(MemoryStore):
        """A store whose first event is taken as the worker stops."""

        def take(self) -> Noted | None:
            """Stop the worker, and take."""
            if not runs:
                vars(receiver)["_workers"][0].stop_soon()
                runs.append(0)
            return super().take()

    runs = list[int]()
    receiver = Receiver(secret=SECRET, store=StoppingStore(), max_attempts=1)
    receiver.on(Event)(lambda _: runs.append(1))
    receiver.receive(delivery())

    assert receiver.drain() == 0
    assert receiver.drain() == 1
    assert runs == [0, 1]


def test_a_thread_waits_while_another_one_is_busy_with_a_chat() -> None:
    """A chat's events are handled in order while an idle thread looks for events of other chats."""
    store, seen, is_done = AskedStore(), list[str | None](), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        assert store.asked.acquire(timeout=30.0)  # the other thread has found nothing
        seen.append(event.text)
        if len(seen) == len(texts):
            is_done.set()

    texts = [f"text {number}" for number in range(20)]
    for text in texts:
        receiver.receive(message(text))
    receiver.start()

    assert is_done.wait(30.0)
    receiver.stop()
    assert seen == texts


def test_a_store_that_never_works_again_does_not_hold_a_drain_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is stopping gives up after a while and lets the event's lease expire."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.SETTLE_FOR", 0.0)
    receiver = Receiver(secret=SECRET, store=BrokenStore("finish"))
    receiver.receive(delivery())
    receiver.drain()
    assert receiver.status().in_hand == 1


def workers() -> set[threading.Thread]:
    """The threads that handle events."""
    return {thread for thread in threading.enumerate() if thread.name == "blooio-webhooks"}


@pytest.mark.parametrize("is_async", [False, True])
def test_chats_run_concurrently_and_in_order(is_async: bool) -> None:
    """Handlers of different chats overlap; those of one chat run one at a time, in order."""
    receiver = Receiver(secret=SECRET, concurrency=4)
    started = threading.Barrier(4, timeout=30.0)
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


def test_a_child_process_has_no_thread(receiver: Receiver) -> None:
    """After a fork there is no worker, and the next start creates one."""
    others = workers()  # of earlier tests, which may still end
    receiver.start()
    parents, before = vars(receiver)["_thread"], len(workers() - others)
    reset_after_fork: Callable[[], None] = vars(Receiver)["_reset_after_fork"].__get__(receiver)
    reset_after_fork()
    assert not is_running(receiver)
    receiver.start()

    assert len(workers() - others) == 2 * before
    receiver.stop()
    parents.stop()
    for thread in workers() - others:
        thread.join(30.0)
    assert workers() <= others


def test_events_are_handled_while_the_system_has_no_more_threads(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """If no further thread can be started, those that run handle every chat; more are started once there are some."""
    handled = {text: threading.Event() for text in "abcd"}
    both = threading.Barrier(2, timeout=30.0)

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        if event.text in ("c", "d"):
            both.wait()
        handled[str(event.text)].set()

    receiver.start()
    with no_more_threads():
        for text, sender in (("a", "+15551234567"), ("b", "+15557654321")):
            receiver.receive(message(text, sender))
            assert handled[text].wait(30.0)
    for text, sender in (("c", "+15551234567"), ("d", "+15557654321")):
        receiver.receive(message(text, sender))
    assert handled["c"].wait(30.0)
    assert handled["d"].wait(30.0)
    receiver.stop()

    assert "cannot start another thread for webhook events" in caplog.text


def test_starting_without_a_thread_raises(receiver: Receiver) -> None:
    """If the system has no thread left, `start` and `drain` raise, and work later."""
    calls: list[Callable[[], object]] = [receiver.start, receiver.drain]
    for call in calls:
        with no_more_threads(), pytest.raises(RuntimeError, match="start new thread"):
            call()
        assert not is_running(receiver)

    receiver.receive(message("a"))
    assert receiver.drain() == 1
    receiver.start()
    assert is_running(receiver)
    receiver.stop()


def test_an_async_handler_waits_for_a_thread() -> None:
    """An async handler whose event loop cannot be started has failed, and is retried like any other."""
    failed = threading.Event()

    def note(_event: Event, _error: BaseException) -> None:
        failed.set()

    receiver = Receiver(secret=SECRET, on_error=note)

    @receiver.on(MessageReceived)
    async def handle(_: MessageReceived) -> None:
        """Do nothing."""

    receiver.start()
    with no_more_threads():
        receiver.receive(message("a"))
        assert failed.wait(30.0)
    receiver.stop()

    assert receiver.status().postponed == 1


@pytest.mark.parametrize("record", ["", "[]", "{", '{"raw": {}}'])
def test_an_unreadable_record_becomes_a_dead_letter(record: str, caplog: pytest.LogCaptureFixture) -> None:
    """A stored event that cannot be read, such as one that was changed, does not hold up the others."""
    store = MemoryStore()
    receiver = Receiver(secret=SECRET, store=store)
    store.note([Entry("canary", "+15557654321", record)])
    receiver.receive(message("a"))

    assert receiver.drain() == 1
    assert [(letter.key, letter.error) for letter in store.dead_letters()] == [("canary", "Unreadable")]
    assert "a stored event cannot be read" in caplog.text
    assert "canary" not in caplog.text
