"""Async sends: one, 100 and 1,000 at a time, and 10,000 from 100 tasks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Final

from benchmarks.contender import Contender, Work
from benchmarks.harness import (
    HTTPX,
    HTTPX2,
    OFFICIAL,
    OURS,
    OWN_CLIENT,
    Comparison,
    Rounds,
    Row,
    at_most,
    contend,
    medians,
    optional,
)
from benchmarks.responses import API_KEY, CHAT, SEND_PATH, TEXT
from benchmarks.sends import HEADERS, TIMEOUT

CALLS: Final = 150
TASKS: Final = 100
MORE_TASKS: Final = 1_000
SENDS_OF_A_ROUND: Final = 1_000
ROUNDS_OF_THROUGHPUT: Final = 10

Send = Callable[[], Awaitable[str]]
Opener = Callable[[str], AbstractAsyncContextManager[Send]]


def rows(url: str) -> list[Row]:
    """Measure async sends."""
    single = contend("awaiting_sends", "ONE_AT_A_TIME", ONE_AT_A_TIME, url, calls=CALLS)
    hundred = contend("awaiting_sends", "HUNDRED_AT_ONCE", HUNDRED_AT_ONCE, url, calls=TASKS)
    # One generation, since a round takes half a minute: httpx's pool slows down quadratically with waiting tasks.
    thousand = contend(
        "awaiting_sends", "THOUSAND_AT_ONCE", THOUSAND_AT_ONCE, url, calls=MORE_TASKS, generations=1, rounds=3
    )
    many = contend(
        "awaiting_sends",
        "HUNDRED_AT_ONCE",
        [HTTPX, OURS],
        url,
        calls=SENDS_OF_A_ROUND,
        generations=1,
        rounds=ROUNDS_OF_THROUGHPUT,
    )
    return [
        *latencies("one send, async", single, 0.92),
        *latencies("100 sends at once, async, each", hundred, 0.6),
        Row("1,000 sends at once, async, each", "µs", medians(thousand, 1e6), (at_most(thousand, 0.8),)),
        throughput(many),
    ]


def latencies(name: str, taken: Rounds, bound: float) -> list[Row]:
    """Return the rows of sends at one concurrency."""
    figures = medians(taken, 1e6)
    own = figures.pop(OWN_CLIENT)
    through_own = {HTTPX: figures[HTTPX], OURS: own}
    return [
        Row(name, "µs", figures, (at_most(taken, bound),)),
        Row(f"{name}, own http_client", "µs", through_own, (at_most(taken, 1.15, ours=OWN_CLIENT),)),
    ]


def throughput(taken: Rounds) -> Row:
    """Return the row of ten thousand sends, as sends per second."""
    rates = {name: [1 / each for each in seconds] for name, seconds in taken.items()}
    compared: Comparison = at_most(rates, 1.0)
    least = Comparison(compared.against, compared.ratio, compared.bound, is_floor=True)
    return Row("10,000 sends over 100 tasks, throughput", "1/s", medians(rates), (least,))


@contextmanager
def awaiting(url: str, opened: Opener, tasks: int) -> Generator[Work]:
    """Share calls among tasks that use one client; each task sends its calls one after another."""
    with asyncio.Runner() as runner:
        client = opened(url)
        send = runner.run(entered(client))
        yield lambda calls: runner.run(all_tasks(send, tasks, calls // tasks))
        runner.run(left(client))


async def entered(client: AbstractAsyncContextManager[Send]) -> Send:
    """Open a client."""
    return await client.__aenter__()


async def left(client: AbstractAsyncContextManager[Send]) -> None:
    """Close a client."""
    await client.__aexit__(None, None, None)


async def all_tasks(send: Send, tasks: int, calls: int) -> None:
    """Send this many calls from each of some tasks."""
    await asyncio.gather(*(one_task(send, calls) for _ in range(tasks)))


async def one_task(send: Send, calls: int) -> None:
    """Send this many times, and check that each send got a response."""
    for _ in range(calls):
        assert (await send()).startswith("msg_")


@asynccontextmanager
async def plain_client(url: str, module: str) -> AsyncGenerator[Send]:
    """Use httpx like an expert, with a hundred keep-alive connections."""
    httpx = optional(module)
    limits = httpx.Limits(max_connections=TASKS, max_keepalive_connections=TASKS)
    async with httpx.AsyncClient(headers=HEADERS, timeout=TIMEOUT, limits=limits) as client:

        async def send() -> str:
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            response = await client.post(url + SEND_PATH, json={"text": TEXT}, headers=headers)
            sent: str = response.raise_for_status().json()["message_id"]
            return sent

        yield send


@asynccontextmanager
async def official(url: str) -> AsyncGenerator[Send]:
    """Use the official package, with its retries; pass a key, since it creates none."""
    async with optional("blooio").AsyncBlooio(api_key=API_KEY, base_url=url) as client:

        async def send() -> str:
            sent: Any = await client.chats.messages.send(CHAT, text=TEXT, idempotency_key=str(uuid.uuid4()))
            return str(sent.message_id)

        yield send


@asynccontextmanager
async def ours(url: str) -> AsyncGenerator[Send]:
    """Use this client."""
    from blooio_client import AsyncBlooio

    async with AsyncBlooio(API_KEY, base_url=url) as client:

        async def send() -> str:
            return str((await client.chat(CHAT).send(TEXT)).message_id)

        yield send


@asynccontextmanager
async def ours_through_own_client(url: str) -> AsyncGenerator[Send]:
    """Use this client with the user's own HTTP client."""
    import httpx

    from blooio_client import AsyncBlooio

    limits = httpx.Limits(max_connections=TASKS, max_keepalive_connections=TASKS)
    async with httpx.AsyncClient(limits=limits) as own, AsyncBlooio(API_KEY, base_url=url, http_client=own) as client:

        async def send() -> str:
            return str((await client.chat(CHAT).send(TEXT)).message_id)

        yield send


OPENERS: Final[Mapping[str, Opener]] = {
    HTTPX: partial(plain_client, module="httpx"),
    HTTPX2: partial(plain_client, module="httpx2"),
    OFFICIAL: official,
    OURS: ours,
    OWN_CLIENT: ours_through_own_client,
}
ONE_AT_A_TIME: Final[Mapping[str, Contender]] = {
    name: partial(awaiting, opened=opened, tasks=1) for name, opened in OPENERS.items()
}
HUNDRED_AT_ONCE: Final[Mapping[str, Contender]] = {
    name: partial(awaiting, opened=opened, tasks=TASKS) for name, opened in OPENERS.items()
}
THOUSAND_AT_ONCE: Final[Mapping[str, Contender]] = {
    name: partial(awaiting, opened=OPENERS[name], tasks=MORE_TASKS) for name in (HTTPX, HTTPX2, OURS)
}
