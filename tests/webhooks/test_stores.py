"""All stores: memory, a file, and databases through SQLAlchemy."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from webhook_stores import RECORD, claimed, entry

from blooio_overrides.webhooks import Claim


def test_an_event_is_stored_taken_and_finished_once(store: Any) -> None:
    """A key is new once, and its event is handed out once."""
    assert store.claim() is None
    assert [store.add([entry("one")]), store.add([entry("one"), entry("two", "other"), entry("two", "other")])] == [
        1,
        1,
    ]
    one, two = claimed(store), claimed(store)
    assert store.claim() is None
    assert [(one.key, one.record, one.attempts), (two.key, two.chat)] == [("one", RECORD, 0), ("two", "other")]

    store.finish(one)
    store.finish(two)

    assert store.add([entry("one"), entry("two", "other")]) == 0
    assert store.claim() is None
    assert store.counts().waiting == 0


def test_events_of_a_chat_come_in_order_and_one_at_a_time(store: Any) -> None:
    """One event of a chat is handed out at a time; chats do not wait for each other."""
    store.add([entry(f"{chat}{number}", chat) for number in range(3) for chat in "ab"])
    a, b = claimed(store), claimed(store)
    assert ({a.key, b.key}, store.claim()) == ({"a0", "b0"}, None)
    store.finish(a)
    assert (claimed(store).key, store.claim()) == ("a1", None)
    store.finish(b)
    assert (claimed(store).key, store.claim()) == ("b1", None)


def test_a_long_queue_lets_other_chats_have_their_turn(store: Any) -> None:
    """Thousands of queued events of one chat do not delay another chat."""
    store.add([entry(f"long {number}", "long") for number in range(2000)])
    store.finish(claimed(store))
    store.add([entry("short", "short")])
    order: list[Claim] = []
    for _ in range(2):
        order.append(claimed(store))
        store.finish(order[-1])

    assert "short" in [claim.key for claim in order]


def test_a_postponed_event_holds_nothing_up(store: Any, ahead: list[float]) -> None:
    """A postponed event does not delay its chat; it is handed out when due, never at the same time as another one."""
    store.add([entry("one"), entry("two"), entry("three")])
    store.postpone(claimed(store), 10.0)
    two = claimed(store)
    assert two.key == "two"
    ahead[0] += 10.0
    assert store.claim() is None
    store.finish(two)
    one = claimed(store)
    assert (one.key, one.attempts) == ("one", 1)
    assert one.age >= 10.0
    store.finish(one)
    assert claimed(store).key == "three"


def test_a_pause_says_when_the_next_event_is_due(store: Any) -> None:
    """A pause is None without events, 0 if an event is waiting, and otherwise the time until the next one is due."""
    assert store.seconds_until_next() is None
    store.add([entry("one")])
    assert store.seconds_until_next() == 0.0
    claim = claimed(store)
    assert store.seconds_until_next() is None
    store.postpone(claim, 100.0)
    assert 90.0 < store.seconds_until_next() <= 100.0


def test_a_returned_event_comes_first_again(store: Any) -> None:
    """An event that was given back comes first again, without counting the attempt."""
    store.add([entry("one"), entry("two")])
    store.release(claimed(store))
    again = claimed(store)

    assert (again.key, again.attempts) == ("one", 0)


def test_handlers_that_have_returned_are_remembered(store: Any) -> None:
    """Handlers that returned in one attempt are known in the next."""
    store.add([entry("one")])
    claim = claimed(store)
    store.mark_handled(claim, "app.first")
    store.mark_handled(claim, "app.second")
    store.postpone(claim, 0.0)

    assert claimed(store).handled == {"app.first", "app.second"}


def test_dead_letters_are_listed_and_revived(store: Any, ahead: list[float]) -> None:
    """A dead letter is listed with its error and not handed out, unless revived in time."""
    store.add([entry("one"), entry("two"), entry("three")])
    for _ in range(2):
        store.give_up(claimed(store), "ValueError")
    letters = store.dead_letters()
    assert [(letter.key, letter.error, letter.attempts, letter.record) for letter in letters] == [
        ("one", "ValueError", 1, RECORD),
        ("two", "ValueError", 1, RECORD),
    ]
    assert letters[0].died_at >= letters[0].stored_at
    assert "canary" not in repr(letters)
    assert (store.counts().dead, store.counts().waiting) == (2, 1)

    assert store.retry("one", within=3600.0) is True
    assert store.retry("three", within=None) is None
    ahead[0] += 3601.0
    assert store.retry("two", within=3600.0) is False
    assert store.retry("two", within=None) is True
    assert store.dead_letters() == []
    found: list[Claim] = []
    for _ in range(3):
        found.append(claimed(store))
        store.finish(found[-1])
    ages = {claim.key: claim.age for claim in found}
    # Within the window, attempts continue to count; after it, they start over.
    assert (ages["one"] >= 3600.0, ages["two"] < 60.0) == (True, True)


def test_counts_of_open_events(store: Any) -> None:
    """Open events are counted as waiting, postponed, in progress or dead."""
    store.add([entry(f"{number}", f"chat {number}") for number in range(5)])
    store.postpone(claimed(store), 100.0)
    store.give_up(claimed(store), "ValueError")
    claimed(store)
    counts = store.counts()

    assert (counts.waiting, counts.postponed, counts.in_progress, counts.dead) == (4, 1, 1, 1)


def test_threads_share_a_store(store: Any) -> None:
    """With many threads, each event is new once and claimed once, in order within a chat."""
    keys = [f"event {number:03}" for number in range(120)]
    handled: dict[str, list[str]] = {}
    busy: set[str] = set()

    def handle() -> None:
        while (claim := store.claim()) is not None:
            assert claim.chat not in busy
            busy.add(claim.chat)
            handled.setdefault(claim.chat, []).append(claim.key)
            time.sleep(len(claim.key) % 3 / 1000)
            busy.discard(claim.chat)
            store.finish(claim)

    with ThreadPoolExecutor(8) as pool:
        first = [pool.submit(store.add, [entry(key, f"chat {number % 6}")]) for number, key in enumerate(keys)]
        again = [pool.submit(store.add, [entry(key, f"chat {number % 6}")]) for number, key in enumerate(keys)]
        assert sum(each.result() for each in first + again) == len(keys)
        for each in [pool.submit(handle) for _ in range(8)]:
            each.result()
    handle()

    assert sorted(keys) == sorted(key for chat in handled.values() for key in chat)


def test_a_store_shows_nothing(store: Any) -> None:
    """No repr shows the contents of an event."""
    store.add([entry("one")])

    assert "canary" not in repr(store) + repr(store.claim()) + repr(entry("two"))
