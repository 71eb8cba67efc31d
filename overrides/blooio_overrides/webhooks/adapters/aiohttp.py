"""A receiver as an aiohttp handler."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from ..receiver import ACCEPTED, MALFORMED, TOO_LARGE, Receiver
from ..signatures import MAX_BODY
from ..work import Delivery

logger: logging.Logger = logging.getLogger("blooio_client")


def aiohttp(receiver: Receiver) -> Callable[[Any], Awaitable[Any]]:
    """Return an aiohttp handler for a receiver: `app.router.add_post("/blooio", webhooks.aiohttp(receiver))`.

    Enter `receiver.running()` in a cleanup context of the application. Async handlers then run in its event loop, and
    events left by an earlier process are resumed at the start. Otherwise, events are handled in threads.

    Args:
        receiver: The receiver to pass deliveries to.

    Raises:
        ImportError: aiohttp is not installed.
    """
    web: Any = import_module("aiohttp.web")

    async def blooio_webhook(request: Any) -> Any:
        from anyio.to_thread import run_sync

        if (request.content_length or 0) > MAX_BODY:
            return web.Response(status=TOO_LARGE)
        try:
            body = await request.read()
        except (web.RequestPayloadError, OSError):  # OSError: the client has disconnected
            logger.warning("a webhook delivery was rejected: its body is incomplete, or not encoded as its headers say")
            return web.Response(status=MALFORMED)
        delivery = Delivery(request.method, request.headers, body)
        status = await run_sync(receiver.receive, delivery)
        if status == ACCEPTED and not receiver.is_running:
            receiver.start()
        return web.Response(status=status)

    return blooio_webhook
