"""A receiver as an ASGI application: by itself, or mounted in Starlette, FastAPI and the like."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from .receiver import Receiver
from .receiving import WRONG_METHOD, Delivery
from .signatures import LARGEST_BODY

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ALLOW: Final = (b"allow", b"POST")


def asgi(receiver: Receiver) -> Application:
    """Make an ASGI application of a receiver.

    In Starlette and FastAPI it is the endpoint of a route: `Route("/blooio", webhooks.asgi(receiver))`; a `Mount` takes
    it as well, and then the path to subscribe ends in a slash. Let the application's lifespan hold
    `receiver.running()`, so that events which an earlier process left are taken up at the start; by itself it has a
    lifespan of its own. Async handlers run in the event loop of the application.

    Args:
        receiver: What the deliveries are for.
    """
    return _Asgi(receiver)


class _Asgi:
    # An object and no function: to Starlette, a function is something that wants a Request.
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._receiver.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        from anyio import to_thread

        from .awaiting import drain_quietly

        body = b"" if scope["method"] != "POST" else await _body(receive)
        if body is None:
            return
        delivery = Delivery(scope["method"], _Headers(scope["headers"]), body)
        status = await to_thread.run_sync(self._receiver.receive, delivery)
        headers = [(b"content-length", b"0"), *([ALLOW] if status == WRONG_METHOD else [])]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})
        await drain_quietly(self._receiver.work)


class _Headers:
    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._pairs]


async def _body(receive: Receive) -> bytes | None:
    """Read a body, but no more than shows that it is too large; None if whoever sent it has gone."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)
