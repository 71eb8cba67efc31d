"""A receiver's promises, as seen by the recipient: one message, even if another handler keeps failing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import burst_victim
import pytest
from webhook_stores import STORES, move_clock, opened, transact

from blooio_client import Blooio
from blooio_overrides.webhooks import Entry, Event, MemoryStore, MessageReceived, Receiver, SQLiteStore, example
from blooio_overrides.webhooks.stores.core import FORGET_AT_ONCE, FORGET_EVERY
from blooio_sandbox import Sandbox

DAY = 24 * 3600.0
SECRET = "whsec_promises"


def test_one_message_in_ten_days(blooio_sandbox: Sandbox, blooio: Blooio, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another handler always fails, a reply is still sent once; the event becomes a dead letter and is retried."""
    ahead = [0.0]
    move_clock(monkeypatch, MemoryStore, ahead)
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


def test_a_crash_in_the_middle_of_a_burst_costs_one_reply(
    tmp_path: Path, blooio_sandbox: Sandbox, blooio: Blooio
) -> None:
    """If a process dies between its reply and its return, the next one handles the burst, and one message is sent."""
    phone, path = blooio_sandbox.phone("+15551234567"), tmp_path / "events.db"
    phone.sends("Hi")
    with SQLiteStore(path) as store:
        receiver = burst_victim.receiver_over(store, blooio, ends=False)
        for text in ("one", "two", "three"):
            receiver.receive(example("message.received", text=text, secret=burst_victim.SECRET))
        victim = "import sys, burst_victim; burst_victim.main(*sys.argv[1:])"
        arguments = [str(path), blooio_sandbox.api_key, blooio_sandbox.base_url]
        folder = Path(burst_victim.__file__).parent
        died = subprocess.run([sys.executable, "-c", victim, *arguments], cwd=folder, check=False)
        assert died.returncode == 3
        receiver.receive(example("message.received", text="four", secret=burst_victim.SECRET))
        receiver.start()
        phone.wait_for("You wrote: four")
        receiver.stop()

    assert [message.text for message in blooio_sandbox.messages] == ["You wrote: one\ntwo\nthree", "You wrote: four"]
    blooio_sandbox.assert_no_duplicates()


def run(store: Any, statement: str, values: Mapping[str, Any] | None = None) -> None:
    """Run a statement in a store."""
    transact(store, lambda execute: execute(statement, values or {}))


def now_of(store: Any) -> float:
    """Return the time on a store's clock."""
    now: float = transact(store, store._now)
    return now


def healthy(store: Any, name: str) -> float:
    """Return how many seconds it takes to add, claim and finish 320 events."""
    began = time.perf_counter()
    for number in range(320):
        store.add([Entry(f"{name} {number}", f"chat {number % 20}", "{}")])
        claim = store.claim()
        assert claim is not None
        assert claim.key == f"{name} {number}"
        store.finish(claim)
    return time.perf_counter() - began


def poison(store: Any, chats: range, each: int) -> None:
    """Add events that wait an hour for their next attempt."""
    store.add(
        [
            Entry(f"poison {len(chats)} {chat} {number}", f"chat {chat}", "x" * 500)
            for number in range(each)
            for chat in chats
        ]
    )
    now = now_of(store)
    values = {"due": now + 3600.0, "now": now}
    for statement in (
        "UPDATE blooio_webhook_events SET due = :due, started = :now, attempts = 1 WHERE state = 0 AND due IS NULL",
        "UPDATE blooio_webhook_chats SET ready = :due",
    ):
        run(store, statement, values)


@pytest.mark.proof
@pytest.mark.parametrize("kind", STORES)
def test_20_000_poison_events_cost_healthy_ones_nothing(tmp_path: Path, kind: str) -> None:
    """20,000 events that wait for a retry, in the same and other chats, slow down healthy ones no more than 20 do."""
    with (
        opened(kind, tmp_path / "few.db") as beside_few,
        opened(kind, tmp_path / "many.db", capacity=30_000) as beside_many,
    ):
        poison(beside_few, range(20), 1)
        poison(beside_many, range(1000), 20)
        # Alternate, so that other load on the machine affects both.
        turns = [[healthy(store, f"{turn}") for store in (beside_few, beside_many)] for turn in range(5)]
        few, many = map(min, zip(*turns[1:], strict=True))
        print(
            f"\n{kind}: {few / 320 * 1e6:.0f} us an event beside 20 poison ones, {many / 320 * 1e6:.0f} beside 20,000"
        )
        assert beside_many.counts().postponed >= 20_000
        assert many <= 1.5 * few


def taking(store: SQLiteStore, name: str) -> float:
    """Return the median time in seconds to claim an event."""
    times: list[float] = []
    for number in range(200):
        store.add([Entry(f"{name} {number}", "chat", "{}")])
        began = time.perf_counter()
        claim = store.claim()
        times.append(time.perf_counter() - began)
        assert claim is not None
        store.finish(claim)
    return sorted(times)[len(times) // 2]


@pytest.mark.proof
def test_100_000_handled_events_cost_nothing(tmp_path: Path) -> None:
    """With 100,000 handled events, `claim` needs at most twice the time; keys older than `keep` are deleted."""
    events = "FROM blooio_webhook_events WHERE key LIKE 'handled%'"
    with SQLiteStore(tmp_path / "events.db", keep=DAY) as store:
        taking(store, "warm")
        few = taking(store, "few")
        store.add([Entry(f"handled {number}", f"chat {number % 100}", "x" * 500) for number in range(100_000)])
        finish = "UPDATE blooio_webhook_events SET state = 2, record = '', ended = :now WHERE state = 0"
        run(store, finish, {"now": now_of(store)})
        run(store, "DELETE FROM blooio_webhook_chats")
        many = taking(store, "many")
        print(f"\ntake: {few * 1e6:.0f} us beside 400 handled events, {many * 1e6:.0f} us beside 100,000")
        assert many <= 2 * few

        age = "UPDATE blooio_webhook_events SET ended = 1 WHERE key LIKE 'handled%'"
        run(store, age)
        taking(store, "later")
        left = transact(store, lambda execute: execute(f"SELECT count(*) {events}", {}).fetchone()[0])
        print(f"{100_000 - left} old keys were deleted while 200 events were handled")
        assert 100_000 - left >= 200 // FORGET_EVERY * FORGET_AT_ONCE


@pytest.mark.proof
def test_chats_run_concurrently_in_memory() -> None:
    """1,000 events of 50 chats, 50 ms each, 16 at once, take at most 1.2 times the ideal, in order in each chat."""
    receiver, seen = Receiver(secret=SECRET, concurrency=16), defaultdict[str | None, list[str | None]](list)

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        seen[event.chat_id].append(event.text)
        time.sleep(0.05)

    for number in range(20):
        for chat in range(50):
            chat_id = f"+1555000{chat:04}"
            receiver.receive(example("message.received", secret=SECRET, chat_id=chat_id, text=str(number)))
    began = time.perf_counter()
    assert receiver.drain() == 1000
    ratio = (time.perf_counter() - began) / (1000 * 0.05 / 16)
    print(f"\nmemory: {ratio:.2f} times the ideal")
    assert set(map(tuple, seen.values())) == {tuple(str(number) for number in range(20))}
    assert ratio <= 1.2
