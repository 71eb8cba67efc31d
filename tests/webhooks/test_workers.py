"""Threads that handle events: those of a chat in order, those of different chats concurrently."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError

import anyio
import pytest
from deliveries import SECRET, delivery, message

from blooio_overrides.webhooks import (
    Claim,
    Event,
    MemoryStore,
    MessageEvent,
    MessageReceived,
    Receiver,
)


def is_running(receiver: Receiver) -> bool:
    """Return whether events are handled as they arrive."""
    return receiver.is_running


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

        def claim(self) -> Claim | None:
            """Find nothing the first time."""
            found = super().claim()
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
    monkeypatch.setattr("blooio_overrides.webhooks.work.PAUSES", (0.05,))
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


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError, FutureCancelledError])
def test_threads_survive_a_handler_that_would_end_them(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], is_async: bool
) -> None:
    """Any exception that a handler or `on_error` raises counts as a failure, and the event is retried."""
    monkeypatch.setattr("blooio_overrides.webhooks.work.PAUSES", (0.01,))
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


class AskedStore(MemoryStore):
    """A store that counts how often it had nothing to hand out."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)

    def seconds_until_next(self) -> float | None:
        """Count."""
        self.asked.release()
        return super().seconds_until_next()


def test_a_worker_that_was_stopped_starts_no_handler() -> None:
    """An event that a worker was taking when it was stopped is left for the next one, without counting an attempt."""

    class StoppingStore(MemoryStore):
        """A store whose first event is taken as the worker stops."""

        def claim(self) -> Claim | None:
            """Stop the worker, and take."""
            if not runs:
                vars(receiver)["_workers"][0].stop_soon()
                runs.append(0)
            return super().claim()

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
