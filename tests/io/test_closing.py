"""Closing a client while calls are in flight: they finish, and new ones are rejected."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import anyio
import pytest
import uvloop
from keep_alive import KeepAliveServer, response
from storm_server import StormServer
from storms import CALM
from wire import Exchange, Handler, Wire, hang_up, in_turn, json_response

from blooio_client import AsyncBlooio, Blooio, SentMessage
from blooio_client.errors import BlooioError, ClientStateError, ConnectionFailedError

PHONE: Final = "+15551234567"
ACCEPTED: Final = json_response(b'{"message_id": "msg_1"}', b"202 Accepted")


class Held:
    """A service that responds on demand."""

    def __init__(self, then: Handler) -> None:
        self._then = then
        self.arrived, self.may_respond = threading.Event(), threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        """Wait, then respond."""
        self.arrived.set()
        self.may_respond.wait(30.0)
        self._then(exchange)


def accept(exchange: Exchange) -> None:
    """Accept a message."""
    exchange.write(ACCEPTED)


def leave(client: Blooio) -> None:
    """Close a client as a `with` block does."""
    client.__exit__(None, None, None)


@pytest.mark.parametrize("close", [Blooio.close, leave])
def test_a_send_in_flight_completes(close: Callable[[Blooio], None]) -> None:
    """If a client is closed in another thread, the send in flight still returns its result."""
    held = Held(accept)
    with Wire(held) as server, ThreadPoolExecutor(1) as other:
        client = Blooio("key", base_url=server.url)
        sending = other.submit(client.chat(PHONE).send, "Hello")
        assert held.arrived.wait(30.0)
        close(client)
        with pytest.raises(ClientStateError, match="closed") as caught:
            client.chat(PHONE).send("too late")
        held.may_respond.set()

        assert sending.result(30.0).message_id == "msg_1"
    assert (caught.value.sent, caught.value.attempts) == (False, 0)
    assert isinstance(caught.value, RuntimeError)
    assert len(server.requests) == 1


def test_a_retry_after_closing_keeps_the_key() -> None:
    """If the first response is lost, the send is retried with its key even if the client was closed meanwhile."""
    held = Held(hang_up)
    with Wire(in_turn(held, accept)) as server, ThreadPoolExecutor(1) as other:
        client = Blooio("key", base_url=server.url)
        sending = other.submit(client.chat(PHONE).send, "Hello", idempotency_key="order-42")
        assert held.arrived.wait(30.0)
        client.close()
        held.may_respond.set()

        assert sending.result(30.0).idempotency_key == "order-42"
    assert [b"idempotency-key: order-42" in request.lower() for request in server.requests] == [True, True]


def test_an_unknown_outcome_stays_unknown() -> None:
    """If all responses are lost, the error has the key even if the client was closed meanwhile."""
    held = Held(hang_up)
    with Wire(in_turn(held, hang_up, hang_up)) as server, ThreadPoolExecutor(1) as other:
        client = Blooio("key", base_url=server.url)
        sending = other.submit(client.chat(PHONE).send, "Hello", idempotency_key="order-42")
        assert held.arrived.wait(30.0)
        client.close()
        held.may_respond.set()
        with pytest.raises(ConnectionFailedError) as caught:
            sending.result(30.0)

    assert (caught.value.sent, caught.value.idempotency_key, caught.value.attempts) == (None, "order-42", 3)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_in_flight_completes(backend: str) -> None:
    """`aclose` returns at once, and a send in flight in another task returns its result."""
    held = Held(accept)

    async def close_meanwhile(url: str) -> list[SentMessage]:
        client = AsyncBlooio("key", base_url=url)
        sent: list[SentMessage] = []

        async def send() -> None:
            sent.append(await client.chat(PHONE).send("Hello"))

        async with anyio.create_task_group() as group:
            group.start_soon(send)
            await anyio.to_thread.run_sync(held.arrived.wait, 30.0)
            await client.aclose()
            with pytest.raises(ClientStateError, match="closed"):
                await client.chat(PHONE).send("too late")
            held.may_respond.set()
        return sent

    with Wire(held) as server:
        sent = anyio.run(close_meanwhile, server.url, backend=backend)

    assert [message.message_id for message in sent] == ["msg_1"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_retries_after_closing(backend: str) -> None:
    """If the first response is lost, a send in another task is retried although the client was closed meanwhile."""
    held = Held(hang_up)

    async def close_meanwhile(url: str) -> None:
        client = AsyncBlooio("key", base_url=url)
        async with anyio.create_task_group() as group:
            group.start_soon(client.chat(PHONE).send, "Hello")
            await anyio.to_thread.run_sync(held.arrived.wait, 30.0)
            await client.aclose()
            held.may_respond.set()

    with Wire(in_turn(held, accept)) as server:
        anyio.run(close_meanwhile, server.url, backend=backend)

    assert len(server.requests) == 2


class HeldReplies:
    """Replies of a server that keeps connections open, on demand."""

    def __init__(self) -> None:
        self.may_respond = threading.Event()

    async def __call__(self, text: str) -> list[bytes]:
        """Wait, then respond."""
        await asyncio.to_thread(self.may_respond.wait, 30.0)
        return [response(text)]


def test_no_connection_outlives_a_closed_client() -> None:
    """A connection that the server keeps open is closed once the send that was in flight has returned."""
    held = HeldReplies()
    with KeepAliveServer(held) as server, ThreadPoolExecutor(1) as other:
        client = Blooio("key", base_url=server.url)
        sending = other.submit(client.chat(PHONE).send, "Hello")
        assert server.arrived.wait(30.0)
        client.close()
        held.may_respond.set()

        assert sending.result(30.0).message_id == "Hello"
        assert server.open_becomes(0)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_connection_outlives_a_closed_async_client(backend: str) -> None:
    """The same with an async client."""
    held = HeldReplies()

    async def close_meanwhile(server: KeepAliveServer) -> None:
        client = AsyncBlooio("key", base_url=server.url)
        async with anyio.create_task_group() as group:
            group.start_soon(client.chat(PHONE).send, "Hello")
            await anyio.to_thread.run_sync(server.arrived.wait, 30.0)
            await client.aclose()
            held.may_respond.set()
        assert await anyio.to_thread.run_sync(server.open_becomes, 0)

    with KeepAliveServer(held) as server:
        anyio.run(close_meanwhile, server, backend=backend)


def test_closing_a_copy_closes_nothing() -> None:
    """A copy shares the client's connections, and closing or dropping it affects no call."""
    held = Held(accept)
    with (
        Wire(in_turn(held, accept)) as server,
        ThreadPoolExecutor(1) as other,
        Blooio("k", base_url=server.url) as client,
    ):
        copied = client.with_options(timeout=60.0)
        sending = other.submit(copied.chat(PHONE).send, "Hello")
        assert held.arrived.wait(30.0)
        copied.close()
        del copied
        gc.collect()
        held.may_respond.set()

        assert sending.result(30.0).message_id == "msg_1"
        assert client.chat(PHONE).send("again").message_id == "msg_1"


def test_an_unreferenced_client_completes_its_call() -> None:
    """A client referenced only by its call in flight is not garbage-collected."""
    held = Held(accept)
    with Wire(held) as server, ThreadPoolExecutor(1) as other:
        sending = other.submit(Blooio("key", base_url=server.url).chat(PHONE).send, "Hello")
        assert held.arrived.wait(30.0)
        gc.collect()
        held.may_respond.set()

        assert sending.result(30.0).message_id == "msg_1"


def test_a_closed_http_client_raises() -> None:
    """An `http_client` closed by its owner raises an error before anything is sent."""
    import httpx

    own = httpx.Client()
    own.close()

    with pytest.raises(ClientStateError, match="http_client is closed") as caught:
        Blooio("key", base_url="http://127.0.0.1:9", http_client=own).me()
    assert caught.value.sent is False


ENDS: Final = {
    "thread": """
import sys, threading
from blooio_client import Blooio

client = Blooio("key", base_url=sys.argv[1])
threading.Thread(
    target=lambda: client.chat("+15551234567").send("Hello", idempotency_key="order-42"), daemon=DAEMON
).start()
sys.stdin.read()  # until the send is in flight; then the main thread ends
""",
    "task": """
import asyncio, sys
from blooio_client import AsyncBlooio

async def main():
    client = AsyncBlooio("key", base_url=sys.argv[1])
    sending = asyncio.create_task(client.chat("+15551234567").send("Hello", idempotency_key="order-42"))
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
""",
}


class Deduplicating:
    """A service that processes each key once."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.keys: list[str] = []

    def __call__(self, exchange: Exchange) -> None:
        """Accept a message, even if the client has disconnected."""
        head = exchange.request.partition(b"\r\n\r\n")[0].decode().lower()
        key = next(line.partition(": ")[2] for line in head.splitlines() if line.startswith("idempotency-key"))
        is_new = key not in self.keys
        if is_new:
            self.keys.append(key)
        self.arrived.set()
        body = {"message_id": "msg_1", "duplicate": not is_new}
        exchange.can_write(json_response(json.dumps(body).encode(), b"202 Accepted"))


@pytest.mark.parametrize("how", ["thread", "daemon thread", "task"])
def test_a_program_that_exits_during_a_send(how: str) -> None:
    """If a program exits during a send, a retry with the same key results in one message."""
    service = Deduplicating()
    code = ENDS[how.removeprefix("daemon ")].replace("DAEMON", str(how.startswith("daemon")))
    with Wire(service) as server:
        command = [sys.executable, "-W", "ignore::ResourceWarning", "-c", code, server.url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert service.arrived.wait(30.0)
            _, said = process.communicate("", timeout=60)
        with Blooio("key", base_url=server.url) as client:
            again = client.chat(PHONE).send("Hello", idempotency_key="order-42")

    assert (process.returncode, "Traceback" in said) == (0, False)
    assert (service.keys, again.message_id) == (["order-42"], "msg_1")


def test_closing_races_with_sending() -> None:
    """A send that races with closing is rejected before its first attempt, or reports its true outcome."""
    service = Deduplicating()

    def send_and_close(number: int) -> bool:
        client = Blooio("key", base_url=server.url)
        begin = threading.Barrier(2)
        ends: list[BlooioError | SentMessage] = []

        def send() -> None:
            begin.wait(30.0)
            try:
                ends.append(client.chat(PHONE).send("Hello", idempotency_key=f"order-{number}"))
            except BlooioError as error:
                ends.append(error)

        thread = threading.Thread(target=send)
        thread.start()
        begin.wait(30.0)
        client.close()
        thread.join()
        (end,) = ends
        was_accepted = f"order-{number}" in service.keys
        return was_accepted if isinstance(end, SentMessage) else (end.sent is False and not was_accepted)

    with Wire(service) as server:
        assert all(send_and_close(number) for number in range(100))


def test_a_native_cancellation_interrupts_a_closed_client() -> None:
    """Cancelling a task ends its call at once, even if the client was closed before."""
    held = Held(accept)

    async def close_and_cancel(url: str) -> None:
        client = AsyncBlooio("key", base_url=url)
        sending = asyncio.create_task(client.chat(PHONE).send("Hello"))
        await asyncio.to_thread(held.arrived.wait, 30.0)
        await client.aclose()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with Wire(held) as server:
        asyncio.run(close_and_cancel(server.url))
        held.may_respond.set()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_cancelled_close_leaves_no_connection(run: Callable[[Coroutine[Any, Any, None]], None]) -> None:
    """If asyncio cancels closing at the first of several connections, the others are still closed."""

    async def close_half(url: str) -> None:
        client = AsyncBlooio("key", base_url=url)
        async with anyio.create_task_group() as group:
            for number in range(CALM):
                group.start_soon(client.chat(PHONE).send, f"Hello {number}")
        closing = asyncio.ensure_future(client.aclose())
        await asyncio.sleep(0)  # let it start
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert await asyncio.to_thread(server.open_becomes, 0)

    with StormServer(seed=1, chance=0) as server:
        run(close_half(server.url))
        assert server.connections > 1
