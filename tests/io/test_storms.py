"""Sends that fail and are cancelled at random: each message is accepted once, and every call gets its own response."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import trio
import uvloop
from storm_server import Ledger, StormServer
from storms import (
    CALM,
    Cut,
    Figures,
    Outcome,
    Weather,
    after_a_time,
    after_a_timeout,
    after_steps,
    among_tasks,
    as_a_task,
    figures,
    from_tasks,
    from_threads,
)

from blooio_client import BlooioError, SentMessage

SENDS = 400
TASKS = 150
CLOSES = 0.02
LATE = 0.2


def judge(seen: Figures) -> None:
    """Check for double sends, calls without an outcome, and responses to other calls."""
    assert (seen.double_sends, seen.without_outcome, seen.wrong_responses) == (0, 0, 0), str(seen)


def test_threads_in_a_storm() -> None:
    """From sixteen threads with one client, each key is accepted once, and each call gets its response or its error."""
    with StormServer(seed=1) as server:
        outcomes = from_threads(server.url, SENDS, CLOSES, LATE)

        judge(figures(server.ledger, outcomes, SENDS))
        assert server.ledger.requests > SENDS
        assert server.open_becomes(0)


def _trio(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return trio.run(ask)


def _uvloop(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return uvloop.run(ask())


def _asyncio(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(ask())


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("run", "cut"),
    [
        (_asyncio, as_a_task),
        (_asyncio, after_steps),
        (_asyncio, after_a_time),
        (_asyncio, after_a_timeout),
        (_asyncio, among_tasks),
        (_uvloop, as_a_task),
        (_uvloop, after_a_timeout),
        (_trio, after_steps),
        (_trio, after_a_time),
    ],
)
def test_tasks_that_are_cancelled_in_a_storm(run: Callable[[Any], Any], cut: Cut) -> None:
    """A cancelled send that is retried with its key is sent once, and leaves no half-used connection."""
    with StormServer(seed=2) as server:
        seen, grown = run(functools.partial(from_tasks, server, Weather(TASKS, [cut], 1, CLOSES, LATE)))

        judge(seen)
        assert seen.cancelled > 0
        # If cancelled sends kept their connections, each calm round would have to open new ones.
        assert sum(grown[1:]) <= CALM
        assert server.open_becomes(0)


def test_failures_are_counted() -> None:
    """The figures count a second key for a text, a response to another call, and a wrong `sent`."""
    accepted = {"key-1": "a", "key-2": "a", "key-3": "b"}
    sent = [SentMessage([f"msg_{text}"], duplicate=None, idempotency_key=key) for key, text in accepted.items()]
    denied = BlooioError("no", sent=False, idempotency_key="key-3")
    outcomes = [Outcome("a", sent[0]), Outcome("b", sent[1]), Outcome("c", denied), Outcome("d", BlooioError("no"))]
    seen = figures(Ledger(requests=3, accepted=accepted), outcomes, sends=5)

    assert (seen.double_sends, seen.wrong_responses, seen.without_outcome) == (1, 1, 4)
