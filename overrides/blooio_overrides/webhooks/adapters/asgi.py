"""A receiver as an ASGI application: standalone, or mounted in a framework such as Starlette or FastAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final

from ..failures import log_incomplete_body, log_store_failure
from ..receiver import MALFORMED, WRONG_METHOD, Receiver
from ..signatures import MAX_BODY
from ..work import Delivery

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ALLOW: Final = (b"allow", b"POST")


def asgi(receiver: Receiver) -> Application:
    """Return an ASGI application for a receiver.

    In Starlette and FastAPI, use it as the endpoint of a route: `Route("/blooio", webhooks.asgi(receiver))`. A
    `Mount` works, too, but the path to subscribe then ends in a slash. Enter `receiver.running()` in the application's
    lifespan: events are then handled concurrently, and those left by an earlier process are resumed at the start. A
    standalone ASGI application does this itself. Otherwise, a request handles what is due, and retries and bursts wait
    for the next one. Async handlers run in the event loop of the application.

    Args:
        receiver: The receiver to pass deliveries to.
    """
    return _Asgi(receiver)


class _Asgi:
    # An object, since Starlette passes a Request to functions.
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._receiver.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        from anyio import to_thread

        body = b"" if scope["method"] != "POST" else await _body(receive)
        if body is None:
            log_incomplete_body()
            status = MALFORMED  # nobody receives it, but middleware fails without a response
        else:
            delivery = Delivery(scope["method"], _Headers(scope["headers"]), body)
            status = await to_thread.run_sync(self._receiver.receive, delivery)
        headers = [(b"content-length", b"0"), *([ALLOW] if status == WRONG_METHOD else [])]
        with suppress(OSError):  # the client has disconnected
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body"})
        # One drain at a time, so that `concurrency` limits it, however many requests there are.
        if not self._receiver.is_running and not self._receiver.wake():
            await self._drain_quietly()

    async def _drain_quietly(self) -> None:
        try:
            await self._receiver.adrain()
        except Exception as error:  # noqa: BLE001 - a store that fails now may work later
            log_store_failure(error)


class _Headers:
    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._pairs]


async def _body(receive: Receive) -> bytes | None:
    """Read a body, up to the size limit; None if the client has disconnected."""
    body = bytearray()
    while len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)
