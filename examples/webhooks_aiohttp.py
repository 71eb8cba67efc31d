"""Reply to each message once, in an aiohttp application.

BLOOIO_API_KEY=... BLOOIO_WEBHOOK_SECRET=whsec_... python webhooks_aiohttp.py
"""

import os
from collections.abc import AsyncGenerator

from aiohttp import web

from blooio_client import AsyncBlooio, webhooks

client = AsyncBlooio()
receiver = webhooks.Receiver(
    secret=os.environ["BLOOIO_WEBHOOK_SECRET"], store=webhooks.SQLiteStore("webhook_events.db")
)


@receiver.on(webhooks.MessageReceived)
async def answer(event: webhooks.MessageReceived) -> None:
    await event.reply(client, f"You wrote: {event.text}")


async def running(_: web.Application) -> AsyncGenerator[None]:
    async with client, receiver.running():  # resumes events left by an earlier process
        yield


app = web.Application()
app.cleanup_ctx.append(running)
app.router.add_post("/blooio", webhooks.aiohttp(receiver))

if __name__ == "__main__":
    web.run_app(app)
