"""Reply to each message once, in a FastAPI or Starlette application.

BLOOIO_API_KEY=... BLOOIO_WEBHOOK_SECRET=whsec_... uvicorn webhooks_fastapi:app
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Route

from blooio_client import AsyncBlooio, webhooks

client = AsyncBlooio()
receiver = webhooks.Receiver(
    secret=os.environ["BLOOIO_WEBHOOK_SECRET"], store=webhooks.SQLiteStore("webhook_events.db")
)


@receiver.on(webhooks.MessageReceived)
async def answer(event: webhooks.MessageReceived) -> None:
    await event.reply(client, f"You wrote: {event.text}")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    async with client, receiver.running():  # resumes events left by an earlier process
        yield


app = FastAPI(lifespan=lifespan, routes=[Route("/blooio", webhooks.asgi(receiver))])
