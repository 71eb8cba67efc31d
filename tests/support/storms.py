"""Many sends at once through one client while the server fails at random, and what is to be said of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, Final

import anyio
import attrs
from anyio.lowlevel import checkpoint
from storm_server import Ledger, StormServer

from blooio_client import AsyncBlooio, Blooio, BlooioError, SentMessage

PHONE: Final = "+15551234567"
THREADS: Final = 16
CALM: Final = 50
"""How many sends at once are made when the storm is over."""


@attrs.frozen
class Outcome:
    """What became of one send."""

    nonce: str
    came: SentMessage | BlooioError
    cancelled: int = 0
    """How often it was cancelled before."""


@attrs.frozen
class Figures:
    """What is to be printed, and to be right."""

    sends: int
    requests: int
    accepted: int
    failed: int
    cancelled: int
    connections: int
    double_sends: int
    without_outcome: int
    wrong_answers: int

    def __str__(self) -> str:
        said = attrs.asdict(self)
        return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in said.items())


def figures(ledger: Ledger, outcomes: Sequence[Outcome], sends: int) -> Figures:
    """Compare what the calls said with what the server saw."""
    results = {each.nonce: each.came for each in outcomes if isinstance(each.came, SentMessage)}
    return Figures(
        sends=sends,
        requests=ledger.requests,
        accepted=len(ledger.accepted),
        failed=len(outcomes) - len(results),
        cancelled=sum(each.cancelled for each in outcomes),
        connections=ledger.connections,
        double_sends=ledger.double_sends,
        without_outcome=sends - sum(_is_told_rightly(ledger, each) for each in outcomes),
        wrong_answers=sum(sent.message_ids != [f"msg_{nonce}"] for nonce, sent in results.items()),
    )


def _is_told_rightly(ledger: Ledger, outcome: Outcome) -> bool:
    key, is_accepted = outcome.came.idempotency_key, outcome.came.idempotency_key in ledger.accepted
    if isinstance(outcome.came, SentMessage):
        return ledger.accepted.get(outcome.came.idempotency_key) == outcome.nonce
    return key is not None and not (is_accepted and outcome.came.sent is False)


def from_threads(url: str, sends: int) -> list[Outcome]:
    """Send from sixteen threads that share one client."""
    with Blooio("key", base_url=url, max_retries=3) as client, ThreadPoolExecutor(THREADS) as pool:

        def send(number: int) -> Outcome:
            nonce = f"thread-{number}"
            try:
                return Outcome(nonce, client.chat(PHONE).send(nonce))
            except BlooioError as error:
                return Outcome(nonce, error)

        return list(pool.map(send, range(sends)))


Cut = Callable[[Coroutine[Any, Any, Outcome], Random], Coroutine[Any, Any, Outcome | None]]
"""Runs a send, and cancels it at a moment of its own choice; None where that came first."""


async def after_a_time(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel with a timeout of anyio's."""
    with anyio.move_on_after(random.random() * 0.5):
        return await send
    return None


async def after_steps(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel with a group of tasks, after so many steps of the event loop."""
    came: list[Outcome] = []

    async def run() -> None:
        came.append(await send)

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await _steps(random)
        group.cancel_scope.cancel()
    return came[0] if came else None


async def as_a_task(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel a task of asyncio's own."""
    task = asyncio.ensure_future(send)
    await _steps(random)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def _steps(random: Random) -> None:
    for _ in range(random.randrange(random.choice((5, 30, 300)))):
        await checkpoint()


async def _send(client: AsyncBlooio, nonce: str, cancelled: int) -> Outcome:
    try:
        return Outcome(nonce, await client.chat(PHONE).send(nonce, idempotency_key=f"key-{nonce}"), cancelled)
    except BlooioError as error:
        return Outcome(nonce, error, cancelled)


async def _until_told(client: AsyncBlooio, nonce: str, cuts: Sequence[Cut], random: Random) -> Outcome:
    """Send with a key of one's own, again after each time that it was cancelled, and at last undisturbed."""
    tries = random.randrange(4)
    for cancelled in range(tries):
        told = await random.choice(cuts)(_send(client, nonce, cancelled), random)
        if told is not None:
            return told
    return await _send(client, nonce, tries)


async def of_tasks(client: AsyncBlooio, name: str, tasks: int, cuts: Sequence[Cut], seed: int) -> list[Outcome]:
    """Send from many tasks at once, and cancel them at random; without cuts, nobody is cancelled."""
    outcomes: list[Outcome] = []
    random = Random(seed)  # noqa: S311 - a seed makes the run repeatable

    async def run(number: int) -> None:
        own = Random(random.random())  # noqa: S311
        nonce = f"{name}-{number}"
        outcomes.append(await (_until_told(client, nonce, cuts, own) if cuts else _send(client, nonce, 0)))

    async with anyio.create_task_group() as group:
        for number in range(tasks):
            group.start_soon(run, number)
    return outcomes


@attrs.frozen
class Weather:
    """How a storm among tasks goes: its size, and who is cancelled how."""

    tasks: int
    cuts: Sequence[Cut]
    rounds: int = 1


async def from_tasks(server: StormServer, weather: Weather) -> tuple[Figures, list[int]]:
    """Send through a storm with one client, and then in three calm rounds; return how many connections those made."""
    outcomes: list[Outcome] = []
    grown: list[int] = []
    async with AsyncBlooio("key", base_url=server.url, max_retries=3) as client:
        for number in range(weather.rounds):
            outcomes += await of_tasks(client, f"storm-{number}", weather.tasks, weather.cuts, number)
        server.chance = 0
        for number in range(3):
            before = server.ledger.connections
            outcomes += await of_tasks(client, f"calm-{number}", CALM, (), number)
            grown.append(server.ledger.connections - before)
        for number in range(CALM):
            outcomes.append(await _send(client, f"one-{number}", 0))
    return figures(server.ledger, outcomes, weather.rounds * weather.tasks + 4 * CALM), grown
