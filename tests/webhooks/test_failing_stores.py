"""Stores that fail lose no event, and no handler that returned runs again."""

from __future__ import annotations

import threading
from pathlib import Path

import anyio
import pytest
from deliveries import SECRET, delivery, message
from webhook_stores import BrokenStore, transact

from blooio_overrides.webhooks import Claim, Entry, Event, MemoryStore, MessageReceived, Receiver, SQLiteStore


def test_a_delivery_that_cannot_be_stored_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    """If the store fails, the response is 503, so that Blooio delivers again."""
    store = BrokenStore("add")
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


def test_draining_a_broken_store_raises() -> None:
    """The store's error passes through drain and adrain."""
    receiver = Receiver(secret=SECRET, store=BrokenStore("claim"))
    with pytest.raises(OSError, match="canary"):
        receiver.drain()
    with pytest.raises(OSError, match="canary"):
        anyio.run(receiver.adrain)


def test_threads_survive_their_store() -> None:
    """A store that fails temporarily delays events, and none is lost."""
    store, handled = BrokenStore("claim"), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)
    receiver.on(Event)(lambda _: handled.set())
    receiver.start()
    assert store.was_asked.wait(30.0)
    store.broken.clear()
    receiver.receive(delivery())

    assert handled.wait(30.0)
    receiver.stop()


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

    def mark_handled(self, claim: Claim, handler: str) -> None:
        """Raise once, then mark."""
        self.marks.append(handler)
        if len(self.marks) == 1:
            raise KeyboardInterrupt
        super().mark_handled(claim, handler)


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


def test_a_store_that_never_works_again_does_not_hold_a_drain_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is stopping gives up after a while and lets the event's lease expire."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.RECORD_FOR", 0.0)
    receiver = Receiver(secret=SECRET, store=BrokenStore("finish"))
    receiver.receive(delivery())
    receiver.drain()
    assert receiver.status().in_progress == 1


@pytest.mark.parametrize("record", ["", "[]", "{", '{"raw": {}}'])
def test_an_unreadable_record_becomes_a_dead_letter(record: str, caplog: pytest.LogCaptureFixture) -> None:
    """A stored event that cannot be read, such as one that was changed, does not hold up the others."""
    store = MemoryStore()
    receiver = Receiver(secret=SECRET, store=store)
    store.add([Entry("canary", "+15557654321", record)])
    receiver.receive(message("a"))

    assert receiver.drain() == 1
    assert [(letter.key, letter.error) for letter in store.dead_letters()] == [("canary", "Unreadable")]
    assert "a stored event cannot be read" in caplog.text
    assert "canary" not in caplog.text
