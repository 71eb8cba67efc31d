"""Twenty thousand sends a run through storms: cancelled, out of time, and with the client closed under them."""

from __future__ import annotations

import asyncio
import functools
import gc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import trio
import uvloop
from anyio.lowlevel import checkpoint
from storm_server import StormServer
from storms import (
    CALM,
    NATIVE,
    Figures,
    Weather,
    after_a_time,
    after_steps,
    figures,
    from_tasks,
    from_threads,
    open_files,
)

SENDS = 20_000
TASKS = 500
ROUNDS = SENDS // TASKS
CLOSES = 0.01
LATE = 0.2
Run = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


def judge(seen: Figures, title: str) -> None:
    """Print what was seen, and object to anything that was sent twice, not told, or answered to somebody else."""
    print(f"\n{title}: {seen}")
    assert (seen.double_sends, seen.without_outcome, seen.wrong_answers) == (0, 0, 0)


@pytest.mark.proof
def test_sends_from_threads() -> None:
    """From sixteen threads, each key is accepted once, each call gets its response or its error, and none is left."""
    with StormServer(seed=16, chance=0.3) as server:
        before = open_files()
        outcomes = from_threads(server.url, SENDS, CLOSES, LATE)

        judge(figures(server.ledger, outcomes, SENDS), "16 threads")
        assert server.all_are_closed()
        gc.collect()
        print(f"  connections left: {server.ledger.open}, files left: {open_files() - before}")
        assert open_files() <= before


RUNS: dict[str, Run] = {
    "asyncio": lambda ask: asyncio.run(ask()),
    "uvloop": lambda ask: uvloop.run(ask()),
    "trio": trio.run,
}


@pytest.mark.proof
@pytest.mark.parametrize("backend", RUNS)
def test_tasks_that_are_cancelled(backend: str) -> None:
    """Cancelled and sent again with the same key, each message is sent once; no connection and no file is left."""
    cuts = [after_steps, after_a_time, *(() if backend == "trio" else NATIVE)]
    RUNS[backend](checkpoint)  # the first loop of uvloop opens a pipe for signals, which the process keeps
    with StormServer(seed=500) as server:
        before = open_files()
        storm = functools.partial(from_tasks, server, Weather(TASKS, cuts, ROUNDS, CLOSES, LATE))
        seen, grown = RUNS[backend](storm)

        judge(seen, f"{TASKS} tasks of {backend}, {ROUNDS} times")
        assert seen.cancelled > TASKS
        assert sum(grown[1:]) <= CALM
        assert server.all_are_closed()
        gc.collect()
        print(f"  new connections in the calm rounds: {grown}, files left: {open_files() - before}")
        assert open_files() <= before
