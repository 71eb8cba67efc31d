"""Sends that are cancelled in each phase of a call, after which the client stays usable."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import anyio
import anyio.to_thread
import pytest
from anyio.lowlevel import checkpoint
from wire import Exchange, Wire, json_response

from blooio_client import AsyncBlooio
from blooio_client.errors import ConnectionFailedError

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def cancelled(client: AsyncBlooio, reached: Callable[[], Awaitable[object]]) -> None:
    """Start a send, and cancel it at the requested phase."""
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: client.chat(PHONE).send("cancelled", idempotency_key="order-42"))
        await reached()
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()


async def refused(client: AsyncBlooio) -> bool | None:
    """Send to an unreachable address, and return `error.sent`."""
    with pytest.raises(ConnectionFailedError) as caught:
        await client.with_options(max_retries=0).chat(PHONE).send("next")
    return caught.value.sent


def set_by(event: threading.Event) -> Callable[[], Awaitable[object]]:
    """Return a function that waits for an event in another thread."""
    return lambda: anyio.to_thread.run_sync(event.wait, 30.0)


@contextmanager
def full_listener() -> Generator[socket.socket]:
    """Yield a listener whose backlog is full, so that no further connection succeeds."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield listener
        for each in waiting:
            each.close()


async def test_while_connecting() -> None:
    """A send that is cancelled while connecting does not delay the next call."""
    with full_listener() as listener:
        client = AsyncBlooio("key", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        await cancelled(client, checkpoint)
        listener.close()

        assert await refused(client) is False
        await client.aclose()


async def test_during_the_handshake() -> None:
    """A send that is cancelled during the TLS handshake closes the connection before anything is sent."""
    greeted, seen = threading.Event(), bytearray()

    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            seen.extend(connection.recv(1))
            greeted.set()
            while more := connection.recv(65536):
                seen.extend(more)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,), daemon=True)
        thread.start()
        client = AsyncBlooio("key", base_url=f"https://127.0.0.1:{listener.getsockname()[1]}")
        await cancelled(client, set_by(greeted))
        await anyio.to_thread.run_sync(thread.join, 30.0)

    assert not thread.is_alive()  # it ends when the connection is closed

    assert bytes(seen[:2]) == b"\x16\x03"
    assert b"cancelled" not in seen
    assert await refused(client) is False
    await client.aclose()


class Service:
    """Responds to the first request partially or slowly, and to later ones with their text."""

    def __init__(self, first: bytes) -> None:
        self._first: bytes | None = first
        self.began = threading.Event()

    def handle(self, exchange: Exchange) -> None:
        """Respond to one request."""
        first, self._first = self._first, None
        if first is None:
            text = json.loads(exchange.request.partition(b"\r\n\r\n")[2])["text"]
            exchange.write(json_response(json.dumps({"message_id": f"msg_{text}"}).encode()))
            return
        exchange.write(first)
        self.began.set()
        exchange.wait()


async def _stays_usable(client: AsyncBlooio, server: Wire) -> None:
    again = await client.chat(PHONE).send("cancelled", idempotency_key="order-42")
    others = [await client.chat(PHONE).send(f"next-{number}") for number in range(3)]

    assert again.message_id == "msg_cancelled"
    assert [sent.message_id for sent in others] == ["msg_next-0", "msg_next-1", "msg_next-2"]
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "first",
    [b"", b"HTTP/1.1 202 Acc", b'HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n{"message_id": "msg_of_ano'],
    ids=["nothing", "headers", "body"],
)
async def test_while_reading(first: bytes) -> None:
    """A partial response is discarded with its cancelled call, and the next call reads its own response."""
    service = Service(first)
    with Wire(service.handle) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            await cancelled(client, set_by(service.began))
            await _stays_usable(client, server)


async def test_during_the_backoff(caplog: pytest.LogCaptureFixture) -> None:
    """A send that is cancelled during backoff ends at once, without another attempt."""
    caplog.set_level(logging.DEBUG, "blooio_client")
    body = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 20\r\ncontent-length: 2\r\n\r\n{}"
    service = Service(body)

    async def paused() -> None:
        while "503, attempt 1" not in caplog.text:
            await checkpoint()

    with Wire(service.handle) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            await cancelled(client, paused)
            assert len(server.requests) == 1
            await _stays_usable(client, server)


async def test_before_the_first_attempt() -> None:
    """A send in a cancelled scope does not connect."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        async with AsyncBlooio("key", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            with anyio.CancelScope() as scope:
                scope.cancel()
                await client.chat(PHONE).send("never")

            assert scope.cancelled_caught
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_a_task_that_is_cancelled_stays_cancelled() -> None:
    """A cancellation passes unchanged, whether made by `Task.cancel` or by a timeout."""
    service = Service(b"")

    async def cancel(url: str) -> None:
        async with AsyncBlooio("key", base_url=url) as client:
            task = asyncio.create_task(client.chat(PHONE).send("cancelled"))
            await asyncio.to_thread(service.began.wait, 10.0)
            task.cancel("enough")
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.args == ("enough",)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await client.chat(PHONE).send("late")

    with Wire(service.handle) as server:
        asyncio.run(cancel(server.url))
