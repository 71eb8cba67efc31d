"""Twenty thousand sends per run that fail, time out, are cancelled or have their client closed."""

from __future__ import annotations

import asyncio
import functools
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
    files_left,
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
    """Print the results, and fail if a message was sent twice, lost, or got the response to another one."""
    print(f"\n{title}: {seen}")
    assert (seen.double_sends, seen.without_outcome, seen.wrong_responses) == (0, 0, 0)


@pytest.mark.proof
def test_sends_from_threads() -> None:
    """From sixteen threads, each key is accepted once, each call gets its response or error, and none hangs."""
    with StormServer(seed=16, chance=0.3) as server:
        before = open_files()
        outcomes = from_threads(server.url, SENDS, CLOSES, LATE)

        judge(figures(server.ledger, outcomes, SENDS), "16 threads")
        assert server.open_becomes(0)
        left = files_left(before)
        print(f"  connections left: {server.open}, files left: {left}")
        assert left <= 0


RUNS: dict[str, Run] = {
    "asyncio": lambda ask: asyncio.run(ask()),
    "uvloop": lambda ask: uvloop.run(ask()),
    "trio": trio.run,
}


@pytest.mark.proof
@pytest.mark.parametrize("backend", RUNS)
def test_cancelled_tasks(backend: str) -> None:
    """A message that is cancelled and retried with the same key is sent once; no connection or file stays open."""
    cuts = [after_steps, after_a_time, *(() if backend == "trio" else NATIVE)]
    RUNS[backend](checkpoint)  # the first loop of uvloop opens a pipe for signals, which the process keeps
    with StormServer(seed=500) as server:
        before = open_files()
        storm = functools.partial(from_tasks, server, Weather(TASKS, cuts, ROUNDS, CLOSES, LATE))
        seen, grown = RUNS[backend](storm)

        judge(seen, f"{TASKS} tasks of {backend}, {ROUNDS} times")
        assert seen.cancelled > TASKS
        assert sum(grown[1:]) <= CALM
        assert server.open_becomes(0)
        left = files_left(before)
        print(f"  new connections in the calm rounds: {grown}, files left: {left}")
        assert left <= 0
