"""Send to many people concurrently, once each, with the async client."""

import asyncio

from blooio_client import AsyncBlooio, idempotency_key_for

PEOPLE = [f"+1555123{number:04d}" for number in range(20)]


async def main() -> None:
    """Send to everyone, a few at a time."""
    at_once = asyncio.Semaphore(5)

    async def remind(client: AsyncBlooio, person: str) -> str:
        async with at_once:
            key = idempotency_key_for("reminder", "2026-11-23", person)
            sent = await client.chat(person).send("See you on Thursday!", idempotency_key=key)
            return sent.message_id

    async with AsyncBlooio() as client:
        print(len(await asyncio.gather(*(remind(client, person) for person in PEOPLE))), "reminders are on their way")


asyncio.run(main())
