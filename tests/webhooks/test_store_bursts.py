"""Each store gathers the messages of a burst."""

from __future__ import annotations

from typing import Any

from webhook_stores import RECORD, claimed, entry

from blooio_overrides.webhooks import BurstEffect


def test_bursts_gather_until_quiet(store: Any, ahead: list[float]) -> None:
    """A message starts a burst, later ones join and extend it, and it is complete after `quiet` seconds."""
    add = BurstEffect("app.burst", quiet=2.0, max_wait=20.0)
    store.add([entry("one", "chat", add)])
    store.finish(claimed(store))
    ahead[0] += 1.5
    store.add([entry("two", "chat", add), entry("elsewhere", "other", add)])
    for _ in range(2):
        store.finish(claimed(store))
    ahead[0] += 1.5
    assert store.claim() is None
    ahead[0] += 0.6
    bursts = {claim.chat: claim for claim in (claimed(store), claimed(store))}
    assert {chat: claim.record.count(RECORD) for chat, claim in bursts.items()} == {"chat": 2, "other": 1}
    assert {claim.burst for claim in bursts.values()} == {"app.burst"}


def test_a_burst_ends_in_any_case(store: Any, ahead: list[float]) -> None:
    """A burst without pauses is complete after `max_wait` seconds."""
    add = BurstEffect("app.burst", quiet=2.0, max_wait=5.0)
    for number in range(5):
        store.add([entry(f"{number}", "chat", add)])
        store.finish(claimed(store))
        ahead[0] += 1.1

    burst = claimed(store)
    assert (burst.burst, burst.record.count(RECORD)) == ("app.burst", 5)


def test_typing_holds_a_burst(store: Any, ahead: list[float]) -> None:
    """A burst stays open while someone is typing, and then waits for `quiet` seconds."""
    add, hold, release = (BurstEffect("app.burst", 2.0, 20.0, kind) for kind in ("add", "hold", "release"))
    store.add([entry("typing", "chat", hold)])
    store.finish(claimed(store))
    assert store.claim() is None
    store.add([entry("one", "chat", add), entry("typing again", "chat", hold)])
    for _ in range(2):
        store.finish(claimed(store))
    ahead[0] += 10.0
    assert store.claim() is None
    store.add([entry("stopped", "chat", release)])
    store.finish(claimed(store))
    ahead[0] += 1.5
    assert store.claim() is None
    ahead[0] += 0.6
    burst = claimed(store)
    assert (burst.burst, burst.record) == ("app.burst", f"{RECORD}\n")


def test_a_burst_is_fixed_once_it_is_handed_out(store: Any, ahead: list[float]) -> None:
    """Messages that arrive later form the next burst, even while a retry of the first one is pending."""
    add = BurstEffect("app.burst", quiet=2.0, max_wait=20.0)
    store.add([entry("one", "chat", add)])
    store.finish(claimed(store))
    ahead[0] += 2.1
    first = claimed(store)
    assert not store.is_superseded(first)
    store.add([entry("two", "chat", add)])
    assert store.is_superseded(first)
    store.release(first)
    again = claimed(store)
    assert (again.key, again.record) == (first.key, f"{RECORD}\n")
    store.finish(again)
    store.finish(claimed(store))
    ahead[0] += 2.1
    second = claimed(store)
    assert (second.burst, second.record, second.key != first.key) == ("app.burst", f"{RECORD}\n", True)
    assert not store.is_superseded(second)
