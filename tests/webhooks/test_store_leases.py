"""Leases: an event is held by one worker, and freed if that worker is lost."""

from __future__ import annotations

from typing import Any

import postgres_server
import pytest
from webhook_stores import claimed, entry

from blooio_overrides.webhooks import Claim, SQLStore
from blooio_overrides.webhooks.stores import LEASE


def after(leases: float, store: Any, ahead: list[float]) -> Claim | None:
    """Let some leases pass, and claim an event once the store has looked for lost ones."""
    ahead[0] += store.lease * leases
    store._looked_at = float("-inf")
    return store.claim()  # type: ignore[no-any-return]


def test_a_lost_lease_frees_the_chat(store: Any, ahead: list[float]) -> None:
    """A worker that does not renew its lease loses its event and can no longer change it."""
    store.add([entry("one"), entry("two")])
    lost = claimed(store)
    ahead[0] += store.lease * 0.6
    store.renew([lost.ticket])
    assert after(0.6, store, ahead) is None
    again = after(0.6, store, ahead)
    assert again is not None
    assert (again.key, again.attempts) == ("one", 1)

    store.postpone(lost, 1000.0)
    store.give_up(lost, "ValueError")
    store.release(lost)
    assert store.claim() is None
    store.finish(again)
    assert claimed(store).key == "two"


def test_a_pause_of_the_machine_frees_no_chat(store: Any, ahead: list[float]) -> None:
    """After a pause longer than a lease, the worker that was paused, too, keeps its event if it renews the lease."""
    store.add([entry("one"), entry("two")])
    held = claimed(store)
    for _ in range(3):
        assert after(5.0, store, ahead) is None
        store.renew([held.ticket])
    assert after(0.9, store, ahead) is None
    store.finish(held)

    assert claimed(store).key == "two"


@pytest.mark.postgres
@pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)
def test_a_process_that_looks_once_takes_over(ahead: list[float]) -> None:
    """A new process, such as a Lambda function, takes over the event of a lost one at its first look."""
    with postgres_server.server().database() as url:
        with SQLStore(url) as lost:
            lost.add([entry("one")])
            assert claimed(lost).key == "one"
        for how_long, found in ((0.9, []), (0.2, ["one"])):
            ahead[0] += LEASE * how_long
            with SQLStore(url) as store:
                assert [claim.key for claim in iter(store.claim, None)] == found


@pytest.mark.parametrize("fails_for_good", [False, True])
def test_a_late_finish_still_counts(store: Any, ahead: list[float], fails_for_good: bool) -> None:
    """An event whose handlers return after its lease was lost is still finished, even if another attempt then fails."""
    store.add([entry("one")])
    lost = claimed(store)
    assert after(0.6, store, ahead) is None
    again = after(0.6, store, ahead)
    assert again is not None
    store.finish(lost)
    if fails_for_good:
        store.give_up(again, "LookupError")
    else:
        store.postpone(again, 0.0)

    assert store.claim() is None
    assert store.dead_letters() == []
