"""All stores: memory, a file, and databases through SQLAlchemy."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from webhook_stores import RECORD, entry, taken

from blooio_overrides.webhooks import Noted


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


def test_a_store_shows_nothing(store: Any) -> None:
    """No repr shows the contents of an event."""
    store.note([entry("one")])

    assert "canary" not in repr(store) + repr(store.take()) + repr(entry("two"))
