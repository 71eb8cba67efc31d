"""What a receiver promises, seen from the other side: one message, however long a handler beside it fails."""

# pyright: standard
# Strict mode rejects doubles, rows of databases and looks inside; mypy checks this file strictly.

from __future__ import annotations

import time
from pathlib import Path

import pytest

from blooio_client import Blooio
from blooio_overrides.webhooks import Entry, Event, MemoryStore, MessageReceived, Receiver, SQLiteStore, example
from blooio_overrides.webhooks.stores.core import FORGET_AT_ONCE, FORGET_EVERY
from blooio_sandbox import Sandbox

DAY = 24 * 3600.0
SECRET = "whsec_promises"


def test_one_message_in_ten_days(blooio_sandbox: Sandbox, blooio: Blooio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a handler that always fails, a reply goes out once; the event is a dead letter, retried by hand."""
    ahead, now = [0.0], MemoryStore._now
    monkeypatch.setattr(MemoryStore, "_now", lambda store, execute: now(store, execute) + ahead[0])
    receiver = Receiver(secret=SECRET)

    @receiver.on(MessageReceived)
    def reply(event: MessageReceived) -> None:
        event.reply(blooio, "Thanks!")

    @receiver.on(Event)
    def fail(_: Event) -> None:
        raise RuntimeError

    blooio_sandbox.phone("+15551234567").sends("Hi")
    receiver.receive(example("message.received", secret=SECRET))
    for _ in range(40):
        receiver.drain()
        ahead[0] += DAY / 4
        blooio_sandbox.advance(DAY / 4)

    def replies() -> int:
        return [message.text for message in blooio.chat("+15551234567").messages.list()].count("Thanks!")

    assert replies() == 1
    (letter,) = receiver.work.store.dead_letters()
    receiver.retry(letter, allow_duplicates=True)
    receiver.drain()
    assert replies() == 1
    assert receiver.status().postponed == 1


def taking(store: SQLiteStore, name: str) -> float:
    """Return the median of the seconds that it takes to take an event."""
    times: list[float] = []
    for number in range(200):
        store.note([Entry(f"{name} {number}", "chat", "{}")])
        began = time.perf_counter()
        noted = store.take()
        times.append(time.perf_counter() - began)
        assert noted is not None
        store.finish(noted)
    return sorted(times)[len(times) // 2]


@pytest.mark.proof
def test_100_000_handled_events_cost_nothing(tmp_path: Path) -> None:
    """Taking an event takes at most twice the time beside 100,000 handled ones; keys older than `keep` go."""
    events = "FROM blooio_webhook_events WHERE key LIKE 'handled%'"
    with SQLiteStore(tmp_path / "events.db", keep=DAY) as store:
        taking(store, "warm")
        few = taking(store, "few")
        store.note([Entry(f"handled {number}", f"chat {number % 100}", "x" * 500) for number in range(100_000)])
        finish = "UPDATE blooio_webhook_events SET state = 2, record = '', ended = :now WHERE state = 0"
        store._run(lambda execute: execute(finish, {"now": store._now(execute)}))
        store._run(lambda execute: execute("DELETE FROM blooio_webhook_chats", {}))
        many = taking(store, "many")
        print(f"\ntake: {few * 1e6:.0f} us beside 400 handled events, {many * 1e6:.0f} us beside 100,000")
        assert many <= 2 * few

        age = "UPDATE blooio_webhook_events SET ended = 1 WHERE key LIKE 'handled%'"
        store._run(lambda execute: execute(age, {}))
        taking(store, "later")
        left = store._run(lambda execute: execute(f"SELECT count(*) {events}", {}).fetchone()[0])
        print(f"{100_000 - left} old keys were deleted while 200 events were handled")
        assert 100_000 - left >= 200 // FORGET_EVERY * FORGET_AT_ONCE
