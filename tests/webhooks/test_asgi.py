"""A receiver as a standalone ASGI application, mounted in Starlette, and in edge cases of the protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
import webhook_servers
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from blooio_overrides import webhooks
from blooio_overrides.webhooks import MemoryStore, Receiver

SECRET = "whsec_canary"
STARTED_AND_STOPPED: list[dict[str, Any]] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
LEFT, FRESH = b'{"event": "message.received", "message_id": "1"}', b'{"event": "message.received", "message_id": "2"}'


def post(url: str, body: bytes) -> int:
    """Deliver an event, and return the status."""
    with httpx.Client(trust_env=False, timeout=60.0) as http:
        return http.post(url, content=body, headers={"X-Blooio-Signature": webhooks.sign(body, SECRET)}).status_code


def listening_receiver(handled: dict[str, threading.Event]) -> Receiver:
    """A receiver that records handled messages, with one left by an earlier process."""
    receiver = Receiver(secret=SECRET)

    @receiver.on(webhooks.MessageReceived)
    async def tell(event: webhooks.MessageReceived) -> None:
        await anyio.lowlevel.checkpoint()
        handled[event.message_id or ""].set()

    delivery = webhooks.Delivery("POST", {"X-Blooio-Signature": webhooks.sign(LEFT, SECRET)}, LEFT)
    assert receiver.receive(delivery) == 200
    return receiver


def test_standalone_it_handles_leftover_events() -> None:
    """Standalone, it handles the leftover event before the first delivery, and then new ones."""
    handled = {"1": threading.Event(), "2": threading.Event()}
    with webhook_servers.listening() as listener:
        app = webhooks.asgi(listening_receiver(handled))
        with webhook_servers.by_uvicorn(app, listener):
            assert handled["1"].wait(30.0)
            assert post(webhook_servers.url_of(listener, "/"), FRESH) == 200
            assert handled["2"].wait(30.0)


@pytest.mark.parametrize("path", ["/hooks/", "/hooks/deeper"])
def test_mounted_it_handles_leftover_events_with_a_delivery(path: str) -> None:
    """Mounted without its lifespan, it handles the leftover event with the next delivery."""
    handled = {"1": threading.Event(), "2": threading.Event()}
    with webhook_servers.listening() as listener:
        app = Starlette(routes=[Mount("/hooks", webhooks.asgi(listening_receiver(handled)))])
        with webhook_servers.by_uvicorn(app, listener):
            assert post(webhook_servers.url_of(listener, path), FRESH) == 200
            assert handled["1"].wait(30.0)
            assert handled["2"].wait(30.0)


def test_concurrency_limits_requests_without_a_lifespan() -> None:
    """Without its lifespan, a delivery leaves its event to the request that is handling events, up to `concurrency`."""
    receiver = Receiver(secret=SECRET, concurrency=1)
    running, most, second_came = [0], [0], threading.Event()
    handled = threading.Semaphore(0)

    @receiver.on(webhooks.MessageReceived)
    def count(event: webhooks.MessageReceived) -> None:
        running[0] += 1
        most[0] = max(most[0], *running)
        if event.message_id == "1":
            assert second_came.wait(30.0)
            time.sleep(0.2)  # another handler could start now
        running[0] -= 1
        handled.release()

    with webhook_servers.listening() as listener:
        app = Starlette(routes=[Route("/blooio", webhooks.asgi(receiver))])
        with webhook_servers.by_uvicorn(app, listener):
            for body in (LEFT, FRESH):
                assert post(webhook_servers.url_of(listener), body) == 200
            second_came.set()
            for _ in range(2):
                assert handled.acquire(timeout=30.0)
    assert most == [1]


@pytest.mark.parametrize("make", [Starlette, FastAPI])
@pytest.mark.parametrize(
    ("path", "expected"), [("/route", 200), ("/mount/", 200), ("/mount", 307)], ids=["a route", "a mount", "no slash"]
)
def test_a_route_serves_its_path_and_a_mount_those_below(
    make: Callable[[], Starlette], path: str, expected: int
) -> None:
    """A route and a mount accept deliveries; a mount redirects its path without the slash, as the guide says."""
    app = make()
    app.router.routes += [
        Route("/route", webhooks.asgi(Receiver(secret=SECRET))),
        Mount("/mount", webhooks.asgi(Receiver(secret=SECRET))),
    ]
    with webhook_servers.listening() as listener, webhook_servers.by_uvicorn(app, listener):
        assert post(webhook_servers.url_of(listener, path), FRESH) == expected


async def exchange(receiver: Receiver, scope: dict[str, Any], *came: dict[str, Any]) -> list[Any]:
    """The messages that the application sends to the server."""
    messages, sent = iter(came), list[Any]()

    async def receive() -> dict[str, Any]:
        await anyio.lowlevel.checkpoint()
        return next(messages)

    async def send(message: Any) -> None:
        await anyio.lowlevel.checkpoint()
        sent.append(message)

    await webhooks.asgi(receiver)(scope, receive, send)
    return sent


def test_a_disconnected_sender_causes_no_error() -> None:
    """A truncated body gets a 400, since middleware fails without a response; no event is handled."""
    receiver = Receiver(secret=SECRET)
    scope: dict[str, Any] = {"type": "http", "method": "POST", "headers": []}
    part = {"type": "http.request", "body": LEFT, "more_body": True}

    sent = anyio.run(exchange, receiver, scope, part, {"type": "http.disconnect"})
    assert [message.get("status") for message in sent] == [400, None]
    assert receiver.drain() == 0


def test_an_event_is_handled_if_its_sender_does_not_wait() -> None:
    """If the server cannot send the response, it sees no error, and the event is handled all the same."""
    receiver, handled = Receiver(secret=SECRET), list[str]()
    receiver.on(webhooks.Event)(lambda event: handled.append(event.type))

    async def receive() -> dict[str, Any]:
        await anyio.lowlevel.checkpoint()
        return {"type": "http.request", "body": LEFT}

    async def send(_: Any) -> None:
        await anyio.lowlevel.checkpoint()
        raise OSError

    signature = webhooks.sign(LEFT, SECRET).encode()
    scope = {"type": "http", "method": "POST", "headers": [(b"x-blooio-signature", signature)]}
    anyio.run(webhooks.asgi(receiver), scope, receive, send)
    assert handled == ["message.received"]


def test_an_endless_body_is_read_up_to_the_limit() -> None:
    """An endless body is rejected as soon as it exceeds the limit."""
    scope: dict[str, Any] = {"type": "http", "method": "POST", "headers": []}
    part = {"type": "http.request", "body": b" " * 200_000, "more_body": True}
    sent = anyio.run(exchange, Receiver(secret=SECRET), scope, part, part)

    assert sent[0]["status"] == 413


def test_a_websocket_is_closed() -> None:
    """Only POST is accepted."""
    sent = anyio.run(exchange, Receiver(secret=SECRET), {"type": "websocket"})

    assert [message["type"] for message in sent] == ["websocket.close"]


class BrokenStore(MemoryStore):
    """A store that stores an event and then fails."""

    def claim(self) -> None:
        """Fail."""
        raise OSError("canary")


def test_a_store_that_fails_after_the_response_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A failure after the response is logged, and the server sees no error."""
    receiver = Receiver(secret=SECRET, store=BrokenStore())
    signature = webhooks.sign(LEFT, SECRET).encode()
    scope = {"type": "http", "method": "POST", "headers": [(b"x-blooio-signature", signature)]}
    sent = anyio.run(exchange, receiver, scope, {"type": "http.request", "body": LEFT})

    assert sent[0]["status"] == 200
    assert "OSError" in caplog.text
    assert "canary" not in caplog.text


def test_a_lifespan_is_begun_and_ended() -> None:
    """The lifespan reports start-up and shutdown."""
    sent = anyio.run(exchange, Receiver(secret=SECRET), {"type": "lifespan"}, *STARTED_AND_STOPPED)

    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
