"""A store in memory: its capacity, and the cost of events that fail."""

from __future__ import annotations

from typing import Any

import pytest
from webhook_stores import claimed, entry

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import MemoryStore


def test_memory_is_bounded() -> None:
    """A full store rejects events until some are handled; retries, dead letters and keys are bounded, too."""
    store = MemoryStore(capacity=2)
    with pytest.raises(OverflowError, match="full"):
        store.add([entry("1"), entry("2"), entry("3")])
    store.add([entry("1"), entry("2")])
    with pytest.raises(OverflowError, match="full"):
        store.add([entry("3")])
    for _ in range(2):
        store.postpone(claimed(store), 100.0)
    store.add([entry("3")])
    store.postpone(claimed(store), 100.0)
    assert [letter.key for letter in store.dead_letters()] == ["1"]
    store.add([entry("4"), entry("5")])
    for _ in range(2):
        store.give_up(claimed(store), "ValueError")
    assert [letter.key for letter in store.dead_letters()] == ["4", "5"]
    store.add([entry("6")])
    store.finish(claimed(store))
    store.add([entry("7"), entry("8")])
    for _ in range(2):
        store.finish(claimed(store))
    assert [store.add([entry("8")]), store.add([entry("6")])] == [0, 1]


@pytest.mark.parametrize("capacity", [0, -1, 1.5, "1", True])
def test_a_capacity_is_a_count(capacity: Any) -> None:
    """A capacity that is not a whole number >= 1 raises an error."""
    with pytest.raises(InvalidArgumentError, match="capacity"):
        MemoryStore(capacity=capacity)


def test_poison_events_cost_healthy_ones_nothing() -> None:
    """Thousands of postponed and finished events add no database steps to taking and finishing one."""
    store = MemoryStore()
    steps = [0]

    def count_step() -> int:
        steps[0] += 1
        return 0

    def steps_for_one(number: int) -> int:
        store.add([entry(f"healthy {number}", "healthy")])
        began = steps[0]
        store.finish(claimed(store))
        return steps[0] - began

    vars(store)["_connection"].set_progress_handler(count_step, 1)
    without = max(steps_for_one(number) for number in range(4))
    store.add([entry(f"poison {number}", f"chat {number % 50}") for number in range(4000)])
    for _ in range(2000):
        store.postpone(claimed(store), 3600.0)
    for _ in range(2000):
        store.finish(claimed(store))
    vars(store)["_looked_at"] = float("inf")

    assert min(steps_for_one(number) for number in range(100, 104)) < 2 * without
