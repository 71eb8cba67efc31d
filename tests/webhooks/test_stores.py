"""All stores: memory, a file, and databases through SQLAlchemy."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import postgres_server
import pytest

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import Entry, Gather, MemoryStore, Noted, SQLStore
from blooio_overrides.webhooks.stores import LEASE

RECORD = '{"text": "canary"}'


def entry(key: str, chat: str = "chat", *gathers: Gather) -> Entry:
    """An event to store."""
    return Entry(key, chat, RECORD, gathers)


def taken(store: Any) -> Noted:
    """Take an event, which must exist."""
    noted = store.take()
    assert noted is not None
    return noted  # type: ignore[no-any-return]


def after(leases: float, store: Any, ahead: list[float]) -> Noted | None:
    """Let some leases pass, and take an event once the store has looked for lost ones."""
    ahead[0] += store.lease * leases
    store._looked_at = float("-inf")
    return store.take()  # type: ignore[no-any-return]


def test_an_event_is_stored_taken_and_finished_once(store: Any) -> None:
    """A key is new once, and its event is handed out once."""
    assert store.take() is None
    assert [store.note([entry("one")]), store.note([entry("one"), entry("two", "other"), entry("two", "other")])] == [
        1,
        1,
    ]
    one, two = taken(store), taken(store)
    assert store.take() is None
    assert [(one.key, one.record, one.attempts), (two.key, two.chat)] == [("one", RECORD, 0), ("two", "other")]

    store.finish(one)
    store.finish(two)

    assert store.note([entry("one"), entry("two", "other")]) == 0
    assert store.take() is None
    assert store.counts().waiting == 0


def test_events_of_a_chat_come_in_order_and_one_at_a_time(store: Any) -> None:
    """One event of a chat is handed out at a time; chats do not wait for each other."""
    store.note([entry(f"{chat}{number}", chat) for number in range(3) for chat in "ab"])
    a, b = taken(store), taken(store)
    assert ({a.key, b.key}, store.take()) == ({"a0", "b0"}, None)
    store.finish(a)
    assert (taken(store).key, store.take()) == ("a1", None)
    store.finish(b)
    assert (taken(store).key, store.take()) == ("b1", None)


def test_a_long_queue_lets_other_chats_have_their_turn(store: Any) -> None:
    """Thousands of queued events of one chat do not delay another chat."""
    store.note([entry(f"long {number}", "long") for number in range(2000)])
    store.finish(taken(store))
    store.note([entry("short", "short")])
    order: list[Noted] = []
    for _ in range(2):
        order.append(taken(store))
        store.finish(order[-1])

    assert "short" in [noted.key for noted in order]


def test_a_postponed_event_holds_nothing_up(store: Any, ahead: list[float]) -> None:
    """A postponed event does not delay its chat; it is handed out when due, never at the same time as another one."""
    store.note([entry("one"), entry("two"), entry("three")])
    store.postpone(taken(store), 10.0)
    two = taken(store)
    assert two.key == "two"
    ahead[0] += 10.0
    assert store.take() is None
    store.finish(two)
    one = taken(store)
    assert (one.key, one.attempts) == ("one", 1)
    assert one.age >= 10.0
    store.finish(one)
    assert taken(store).key == "three"


def test_a_pause_says_when_the_next_event_is_due(store: Any) -> None:
    """A pause is None without events, 0 if an event is waiting, and otherwise the time until the next one is due."""
    assert store.pause() is None
    store.note([entry("one")])
    assert store.pause() == 0.0
    noted = taken(store)
    assert store.pause() is None
    store.postpone(noted, 100.0)
    assert 90.0 < store.pause() <= 100.0


def test_a_returned_event_comes_first_again(store: Any) -> None:
    """An event that was given back comes first again, without counting the attempt."""
    store.note([entry("one"), entry("two")])
    store.give_back(taken(store))
    again = taken(store)

    assert (again.key, again.attempts) == ("one", 0)


def test_handlers_that_have_returned_are_remembered(store: Any) -> None:
    """Handlers that returned in one attempt are known in the next."""
    store.note([entry("one")])
    noted = taken(store)
    store.mark(noted, "app.first")
    store.mark(noted, "app.second")
    store.postpone(noted, 0.0)

    assert taken(store).handled == {"app.first", "app.second"}


def test_dead_letters_are_listed_and_revived(store: Any, ahead: list[float]) -> None:
    """A dead letter is listed with its error and not handed out, unless revived in time."""
    store.note([entry("one"), entry("two"), entry("three")])
    for _ in range(2):
        store.bury(taken(store), "ValueError")
    letters = store.dead_letters()
    assert [(letter.key, letter.error, letter.attempts, letter.record) for letter in letters] == [
        ("one", "ValueError", 1, RECORD),
        ("two", "ValueError", 1, RECORD),
    ]
    assert letters[0].died_at >= letters[0].noted_at
    assert "canary" not in repr(letters)
    assert (store.counts().dead, store.counts().waiting) == (2, 1)

    assert store.revive("one", within=3600.0) is True
    assert store.revive("three", within=None) is None
    ahead[0] += 3601.0
    assert store.revive("two", within=3600.0) is False
    assert store.revive("two", within=None) is True
    assert store.dead_letters() == []
    found: list[Noted] = []
    for _ in range(3):
        found.append(taken(store))
        store.finish(found[-1])
    ages = {noted.key: noted.age for noted in found}
    # Within the window, attempts continue to count; after it, they start over.
    assert (ages["one"] >= 3600.0, ages["two"] < 60.0) == (True, True)


def test_a_lost_lease_frees_the_chat(store: Any, ahead: list[float]) -> None:
    """A worker that does not renew its lease loses its event and can no longer change it."""
    store.note([entry("one"), entry("two")])
    lost = taken(store)
    ahead[0] += store.lease * 0.6
    store.renew([lost.ticket])
    assert after(0.6, store, ahead) is None
    again = after(0.6, store, ahead)
    assert again is not None
    assert (again.key, again.attempts) == ("one", 1)

    store.postpone(lost, 1000.0)
    store.bury(lost, "ValueError")
    store.give_back(lost)
    assert store.take() is None
    store.finish(again)
    assert taken(store).key == "two"


def test_a_pause_of_the_machine_frees_no_chat(store: Any, ahead: list[float]) -> None:
    """After a pause longer than a lease, the worker that was paused, too, keeps its event if it renews the lease."""
    store.note([entry("one"), entry("two")])
    held = taken(store)
    for _ in range(3):
        assert after(5.0, store, ahead) is None
        store.renew([held.ticket])
    assert after(0.9, store, ahead) is None
    store.finish(held)

    assert taken(store).key == "two"


@pytest.mark.postgres
@pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)
def test_a_process_that_looks_once_takes_over(ahead: list[float]) -> None:
    """A new process, such as a Lambda function, takes over the event of a lost one at its first look."""
    with postgres_server.server().database() as url:
        with SQLStore(url) as lost:
            lost.note([entry("one")])
            assert taken(lost).key == "one"
        for how_long, found in ((0.9, []), (0.2, ["one"])):
            ahead[0] += LEASE * how_long
            with SQLStore(url) as store:
                assert [noted.key for noted in iter(store.take, None)] == found


@pytest.mark.parametrize("fails_for_good", [False, True])
def test_a_late_finish_still_counts(store: Any, ahead: list[float], fails_for_good: bool) -> None:
    """An event whose handlers return after its lease was lost is still finished, even if another attempt then fails."""
    store.note([entry("one")])
    lost = taken(store)
    assert after(0.6, store, ahead) is None
    again = after(0.6, store, ahead)
    assert again is not None
    store.finish(lost)
    if fails_for_good:
        store.bury(again, "LookupError")
    else:
        store.postpone(again, 0.0)

    assert store.take() is None
    assert store.dead_letters() == []


def test_bursts_gather_until_quiet(store: Any, ahead: list[float]) -> None:
    """A message starts a burst, later ones join and extend it, and it is complete after `quiet` seconds."""
    add = Gather("app.burst", quiet=2.0, max_wait=20.0)
    store.note([entry("one", "chat", add)])
    store.finish(taken(store))
    ahead[0] += 1.5
    store.note([entry("two", "chat", add), entry("elsewhere", "other", add)])
    for _ in range(2):
        store.finish(taken(store))
    ahead[0] += 1.5
    assert store.take() is None
    ahead[0] += 0.6
    bursts = {noted.chat: noted for noted in (taken(store), taken(store))}
    assert {chat: noted.record.count(RECORD) for chat, noted in bursts.items()} == {"chat": 2, "other": 1}
    assert {noted.burst for noted in bursts.values()} == {"app.burst"}


def test_a_burst_ends_in_any_case(store: Any, ahead: list[float]) -> None:
    """A burst without pauses is complete after `max_wait` seconds."""
    add = Gather("app.burst", quiet=2.0, max_wait=5.0)
    for number in range(5):
        store.note([entry(f"{number}", "chat", add)])
        store.finish(taken(store))
        ahead[0] += 1.1

    burst = taken(store)
    assert (burst.burst, burst.record.count(RECORD)) == ("app.burst", 5)


def test_typing_holds_a_burst(store: Any, ahead: list[float]) -> None:
    """A burst stays open while someone is typing, and then waits for `quiet` seconds."""
    add, hold, release = (Gather("app.burst", 2.0, 20.0, effect) for effect in ("add", "hold", "release"))
    store.note([entry("typing", "chat", hold)])
    store.finish(taken(store))
    assert store.take() is None
    store.note([entry("one", "chat", add), entry("typing again", "chat", hold)])
    for _ in range(2):
        store.finish(taken(store))
    ahead[0] += 10.0
    assert store.take() is None
    store.note([entry("stopped", "chat", release)])
    store.finish(taken(store))
    ahead[0] += 1.5
    assert store.take() is None
    ahead[0] += 0.6
    burst = taken(store)
    assert (burst.burst, burst.record) == ("app.burst", f"{RECORD}\n")


def test_a_burst_is_fixed_once_it_is_handed_out(store: Any, ahead: list[float]) -> None:
    """Messages that arrive later form the next burst, even while a retry of the first one is pending."""
    add = Gather("app.burst", quiet=2.0, max_wait=20.0)
    store.note([entry("one", "chat", add)])
    store.finish(taken(store))
    ahead[0] += 2.1
    first = taken(store)
    assert not store.is_superseded(first)
    store.note([entry("two", "chat", add)])
    assert store.is_superseded(first)
    store.give_back(first)
    again = taken(store)
    assert (again.key, again.record) == (first.key, f"{RECORD}\n")
    store.finish(again)
    store.finish(taken(store))
    ahead[0] += 2.1
    second = taken(store)
    assert (second.burst, second.record, second.key != first.key) == ("app.burst", f"{RECORD}\n", True)
    assert not store.is_superseded(second)


def test_counts_of_open_events(store: Any) -> None:
    """Open events are counted as waiting, postponed, taken or dead."""
    store.note([entry(f"{number}", f"chat {number}") for number in range(5)])
    store.postpone(taken(store), 100.0)
    store.bury(taken(store), "ValueError")
    taken(store)
    counts = store.counts()

    assert (counts.waiting, counts.postponed, counts.in_hand, counts.dead) == (4, 1, 1, 1)


def test_threads_share_a_store(store: Any) -> None:
    """With many threads, each event is new once and taken once, in order within a chat."""
    keys = [f"event {number:03}" for number in range(120)]
    handled: dict[str, list[str]] = {}
    busy: set[str] = set()

    def handle() -> None:
        while (noted := store.take()) is not None:
            assert noted.chat not in busy
            busy.add(noted.chat)
            handled.setdefault(noted.chat, []).append(noted.key)
            time.sleep(len(noted.key) % 3 / 1000)
            busy.discard(noted.chat)
            store.finish(noted)

    with ThreadPoolExecutor(8) as pool:
        noted = [pool.submit(store.note, [entry(key, f"chat {number % 6}")]) for number, key in enumerate(keys)]
        again = [pool.submit(store.note, [entry(key, f"chat {number % 6}")]) for number, key in enumerate(keys)]
        assert sum(each.result() for each in noted + again) == len(keys)
        for each in [pool.submit(handle) for _ in range(8)]:
            each.result()
    handle()

    assert sorted(keys) == sorted(key for chat in handled.values() for key in chat)


def test_poison_events_cost_healthy_ones_nothing() -> None:
    """Thousands of postponed and finished events add no database steps to taking and finishing one."""
    store = MemoryStore()
    steps = [0]

    def count_step() -> int:
        steps[0] += 1
        return 0

    def steps_for_one(number: int) -> int:
        store.note([entry(f"healthy {number}", "healthy")])
        began = steps[0]
        store.finish(taken(store))
        return steps[0] - began

    vars(store)["_connection"].set_progress_handler(count_step, 1)
    without = max(steps_for_one(number) for number in range(4))
    store.note([entry(f"poison {number}", f"chat {number % 50}") for number in range(4000)])
    for _ in range(2000):
        store.postpone(taken(store), 3600.0)
    for _ in range(2000):
        store.finish(taken(store))
    vars(store)["_looked_at"] = float("inf")

    assert min(steps_for_one(number) for number in range(100, 104)) < 2 * without


def test_a_store_shows_nothing(store: Any) -> None:
    """No repr shows the contents of an event."""
    store.note([entry("one")])

    assert "canary" not in repr(store) + repr(store.take()) + repr(entry("two"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_has_connections_of_its_own(store: Any) -> None:
    """After a fork, both processes use the store; a store in memory stays with the parent, and the child's is empty."""
    store.note([entry("parent", "a")])
    child = os.fork()
    if child == 0:
        code = 2
        try:
            is_shared = not isinstance(store, MemoryStore)
            code = int(
                [store.note([entry("child", "b")]), store.note([entry("parent", "a")])] != [1, int(not is_shared)]
            )
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    found = {noted.key for noted in iter(store.take, None)}
    assert found == ({"parent"} if isinstance(store, MemoryStore) else {"parent", "child"})


def test_memory_is_bounded() -> None:
    """A full store rejects events until some are handled; retries, dead letters and keys are bounded, too."""
    store = MemoryStore(capacity=2)
    with pytest.raises(OverflowError, match="full"):
        store.note([entry("1"), entry("2"), entry("3")])
    store.note([entry("1"), entry("2")])
    with pytest.raises(OverflowError, match="full"):
        store.note([entry("3")])
    for _ in range(2):
        store.postpone(taken(store), 100.0)
    store.note([entry("3")])
    store.postpone(taken(store), 100.0)
    assert [letter.key for letter in store.dead_letters()] == ["1"]
    store.note([entry("4"), entry("5")])
    for _ in range(2):
        store.bury(taken(store), "ValueError")
    assert [letter.key for letter in store.dead_letters()] == ["4", "5"]
    store.note([entry("6")])
    store.finish(taken(store))
    store.note([entry("7"), entry("8")])
    for _ in range(2):
        store.finish(taken(store))
    assert [store.note([entry("8")]), store.note([entry("6")])] == [0, 1]


@pytest.mark.parametrize("capacity", [0, -1, 1.5, "1", True])
def test_a_capacity_is_a_count(capacity: Any) -> None:
    """A capacity that is not a whole number >= 1 raises an error."""
    with pytest.raises(InvalidArgumentError, match="capacity"):
        MemoryStore(capacity=capacity)
