"""Send to 200 people concurrently, stop in the middle, and continue later: no one gets the message twice.

A cancelled task does not learn the outcome of its send, so each message has a key of its own.
"""

import asyncio

from blooio_client import AsyncBlooio, idempotency_key_for

PEOPLE = [f"+1555123{number:04d}" for number in range(200)]


async def send_all(client: AsyncBlooio, done: set[str]) -> None:
    """Send to everyone who is not done, at most 50 at a time."""
    at_once = asyncio.Semaphore(50)

    async def send(person: str) -> None:
        async with at_once:
            key = idempotency_key_for("opening", "2026-12-01", person)
            await client.chat(person).send("We open on Tuesday!", idempotency_key=key)
            done.add(person)

    async with asyncio.TaskGroup() as group:
        for person in PEOPLE:
            if person not in done:
                group.create_task(send(person))


async def main() -> None:
    """Send, cancel, and send the rest."""
    done: set[str] = set()
    async with AsyncBlooio() as client:
        first = asyncio.create_task(send_all(client, done))
        while len(done) < 20 and not first.done():  # noqa: ASYNC110 - stands for Ctrl-C, or a deployment
            await asyncio.sleep(0.001)
        first.cancel()
        await asyncio.wait([first])
        print("stopped after", len(done))
        await send_all(client, done)
    print("all", len(done), "have it")


asyncio.run(main())
