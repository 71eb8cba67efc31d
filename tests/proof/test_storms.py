"""Ten thousand sends through storms: from threads, and from tasks that are cancelled again and again."""

from __future__ import annotations

import asyncio
import functools

import pytest
import trio
from storm_server import StormServer
from storms import CALM, Figures, Weather, after_a_time, after_steps, as_a_task, figures, from_tasks, from_threads

SENDS = 10_000
TASKS = 500
ROUNDS = 4
"""Storms one after another with one client: as many tasks as would use up its pool, if each kept a connection."""


def judge(seen: Figures, title: str) -> None:
    """Print what was seen, and object to anything that was sent twice, not told, or answered to somebody else."""
    print(f"\n{title}: {seen}")
    assert (seen.double_sends, seen.without_outcome, seen.wrong_answers) == (0, 0, 0)


@pytest.mark.proof
def test_ten_thousand_sends_from_threads() -> None:
    """From sixteen threads with one client, each key is accepted once, and each call gets its response or its error."""
    with StormServer(seed=16, chance=0.3) as server:
        outcomes = from_threads(server.url, SENDS)

        judge(figures(server.ledger, outcomes, SENDS), "16 threads")
        assert server.all_are_closed()


@pytest.mark.proof
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_five_hundred_tasks_that_are_cancelled(backend: str) -> None:
    """Whoever is cancelled and sends again with the same key sends once; no connection is left behind half-used."""
    cuts = [after_steps, after_a_time, *([as_a_task] if backend == "asyncio" else [])]
    with StormServer(seed=500) as server:
        storm = functools.partial(from_tasks, server, Weather(TASKS, cuts, ROUNDS))
        seen, grown = asyncio.run(storm()) if backend == "asyncio" else trio.run(storm)

        judge(seen, f"{TASKS} tasks of {backend}, {ROUNDS} times")
        print(f"  new connections in the calm rounds after that: {grown}")
        assert seen.cancelled > TASKS
        assert sum(grown[1:]) <= CALM
        assert server.all_are_closed()
