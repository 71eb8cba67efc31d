"""Many concurrent sends through one client while the server fails at random, and their evaluation."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Any, Final

import anyio
import attrs
from anyio.lowlevel import checkpoint
from storm_server import Ledger, StormServer

from blooio_client import AsyncBlooio, Blooio, BlooioError, ClientStateError, SentMessage
from blooio_client.types import UNSET, Unset

PHONE: Final = "+15551234567"
THREADS: Final = 16
CALM: Final = 50
"""The number of concurrent sends after the storm."""


@attrs.frozen
class Outcome:
    """The outcome of one send."""

    nonce: str
    came: SentMessage | BlooioError
    cancelled: int = 0
    """How often the send was cancelled before."""


@attrs.frozen
class Figures:
    """Figures to print, and to check."""

    sends: int
    requests: int
    accepted: int
    failed: int
    cancelled: int
    double_sends: int
    without_outcome: int
    wrong_responses: int

    def __str__(self) -> str:
        said = attrs.asdict(self)
        return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in said.items())


def figures(ledger: Ledger, outcomes: Sequence[Outcome], sends: int) -> Figures:
    """Compare the outcomes of calls with what the server saw."""
    results = {each.nonce: each.came for each in outcomes if isinstance(each.came, SentMessage)}
    return Figures(
        sends=sends,
        requests=ledger.requests,
        accepted=len(ledger.accepted),
        failed=len(outcomes) - len(results),
        cancelled=sum(each.cancelled for each in outcomes),
        double_sends=ledger.double_sends,
        without_outcome=sends - sum(_is_reported_correctly(ledger, each) for each in outcomes),
        wrong_responses=sum(sent.message_ids != [f"msg_{nonce}"] for nonce, sent in results.items()),
    )


def _is_reported_correctly(ledger: Ledger, outcome: Outcome) -> bool:
    key, is_accepted = outcome.came.idempotency_key, outcome.came.idempotency_key in ledger.accepted
    if isinstance(outcome.came, SentMessage):
        return ledger.accepted.get(outcome.came.idempotency_key) == outcome.nonce
    # An earlier call that was cancelled may have been processed; the error only describes the last one.
    return key is not None and not (is_accepted and outcome.came.sent is False and not outcome.cancelled)


def open_files() -> int:
    """Return how many files this process has open; 0 if that is unknown."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def files_left(before: int) -> int:
    """Return how many more files are open than before, once the server of the test has closed its own."""
    ends = time.monotonic() + 30.0
    while open_files() > before and time.monotonic() < ends:
        gc.collect()
        time.sleep(0.05)
    return open_files() - before


def timeout_of(random: Random, late: float) -> float | Unset:
    """Return a timeout that is sometimes too short."""
    return random.random() * 0.05 + 0.001 if random.random() < late else UNSET


def from_threads(url: str, sends: int, closes: float = 0, late: float = 0) -> list[Outcome]:
    """Send from sixteen threads that share one client.

    Args:
        url: The URL of the server.
        sends: The number of messages.
        closes: The probability that the client is closed and replaced.
        late: The probability that a send has a short timeout.
    """
    clients = [Blooio("key", base_url=url, max_retries=3)]

    def send(number: int) -> Outcome:
        nonce, random = f"thread-{number}", Random(number)  # noqa: S311 - a seed makes the run repeatable
        while True:
            if random.random() < closes:
                clients.append(Blooio("key", base_url=url, max_retries=3))
                clients[-2].close()
            try:
                sent = clients[-1].chat(PHONE).send(nonce, timeout=timeout_of(random, late))
                return Outcome(nonce, sent)
            except ClientStateError:  # it was closed before the call started
                continue
            except BlooioError as error:
                return Outcome(nonce, error)

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(send, range(sends)))
    for client in clients:
        client.close()
    return outcomes


Cut = Callable[[Coroutine[Any, Any, Outcome], Random], Coroutine[Any, Any, Outcome | None]]
"""Runs a send, and cancels it at a random moment; returns None if it was cancelled."""


async def after_a_time(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel with an anyio timeout."""
    with anyio.move_on_after(random.random() * 0.5):
        return await send
    return None


async def after_steps(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel an anyio task group after some steps of the event loop."""
    came: list[Outcome] = []

    async def run() -> None:
        came.append(await send)

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await _steps(random)
        group.cancel_scope.cancel()
    return came[0] if came else None


async def as_a_task(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel an asyncio task."""
    task = asyncio.ensure_future(send)
    await _steps(random)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def after_a_timeout(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel with an asyncio timeout, in one of its two forms."""
    seconds = random.random() * 0.1
    try:
        if random.random() < 0.5:
            return await asyncio.wait_for(send, seconds)
        async with asyncio.timeout(seconds):
            return await send
    except TimeoutError:
        return None


async def among_tasks(send: Coroutine[Any, Any, Outcome], random: Random) -> Outcome | None:
    """Cancel in a TaskGroup in which another task fails."""

    async def fail() -> None:
        await _steps(random)
        raise LookupError

    task: asyncio.Task[Outcome] | None = None
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(send)
            group.create_task(fail())
    except* LookupError:
        pass
    return None if task is None or task.cancelled() else task.result()


NATIVE: Final[Sequence[Cut]] = (as_a_task, after_a_timeout, among_tasks)
"""The cancellations of asyncio itself."""


async def _steps(random: Random) -> None:
    for _ in range(random.randrange(random.choice((5, 30, 300)))):
        await checkpoint()


class Clients:
    """One client at a time, which is closed at random and replaced."""

    def __init__(self, url: str, closes: float, late: float) -> None:
        self._url = url
        self.closes = closes
        """The probability that the client is closed and replaced."""
        self.late = late
        """The probability that a send has a short timeout."""
        self._client = self._made()

    def _made(self) -> AsyncBlooio:
        return AsyncBlooio("key", base_url=self._url, max_retries=3)

    async def current(self, random: Random) -> AsyncBlooio:
        """Return the client to send with."""
        if random.random() < self.closes:
            closed, self._client = self._client, self._made()
            await closed.aclose()
        return self._client

    async def aclose(self) -> None:
        """Close the last client."""
        await self._client.aclose()


async def _send(clients: Clients, nonce: str, cancelled: int, random: Random) -> Outcome:
    while True:
        chat = (await clients.current(random)).chat(PHONE)
        timeout = timeout_of(random, clients.late)
        try:
            return Outcome(nonce, await chat.send(nonce, idempotency_key=f"key-{nonce}", timeout=timeout), cancelled)
        except ClientStateError:  # it was closed before the call started
            continue
        except BlooioError as error:
            return Outcome(nonce, error, cancelled)


async def _until_complete(client: Clients, nonce: str, cuts: Sequence[Cut], random: Random) -> Outcome:
    """Send with one key, again after each cancellation, and finally without cancelling."""
    tries = random.randrange(4)
    for cancelled in range(tries):
        told = await random.choice(cuts)(_send(client, nonce, cancelled, random), random)
        if told is not None:
            return told
    return await _send(client, nonce, tries, random)


async def of_tasks(client: Clients, name: str, tasks: int, cuts: Sequence[Cut], seed: int) -> list[Outcome]:
    """Send from many tasks at once, and cancel them at random if there are cuts."""
    outcomes: list[Outcome] = []
    random = Random(seed)  # noqa: S311 - a seed makes the run repeatable

    async def run(number: int) -> None:
        own = Random(random.random())  # noqa: S311
        nonce = f"{name}-{number}"
        outcomes.append(await (_until_complete(client, nonce, cuts, own) if cuts else _send(client, nonce, 0, own)))

    async with anyio.create_task_group() as group:
        for number in range(tasks):
            group.start_soon(run, number)
    return outcomes


@attrs.frozen
class Weather:
    """The settings of a storm among tasks: its size, and the cancellations."""

    tasks: int
    cuts: Sequence[Cut]
    rounds: int = 1
    closes: float = 0
    """The probability that the client is closed and replaced."""
    late: float = 0
    """The probability that a send has a short timeout."""


async def from_tasks(server: StormServer, weather: Weather) -> tuple[Figures, list[int]]:
    """Send through a storm with one client, then in three calm rounds; return how many connections those opened."""
    outcomes: list[Outcome] = []
    grown: list[int] = []
    clients = Clients(server.url, weather.closes, weather.late)
    async with aclosing(clients):
        for number in range(weather.rounds):
            outcomes += await of_tasks(clients, f"storm-{number}", weather.tasks, weather.cuts, number)
        server.chance = clients.closes = clients.late = 0
        for number in range(3):
            before = server.connections
            outcomes += await of_tasks(clients, f"calm-{number}", CALM, (), number)
            grown.append(server.connections - before)
        for number in range(CALM):
            outcomes.append(await _send(clients, f"one-{number}", 0, Random(number)))  # noqa: S311
    return figures(server.ledger, outcomes, weather.rounds * weather.tasks + 4 * CALM), grown
