"""One async client in many event loops: each message is sent once, and nothing stays open."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
import urllib.request
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import httpx
import many_runs
import pytest
import trio
from trio.testing import wait_all_tasks_blocked
from wire import Exchange, Wire, json_response

from blooio_client import AsyncBlooio, Blooio
from blooio_client.errors import ClientStateError, ConnectionFailedError, InvalidArgumentError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


def client_of(sandbox: Sandbox) -> AsyncBlooio:
    """Return a client that was not used in any event loop yet."""
    return AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url)


def test_six_runs_are_six_requests(blooio_sandbox: Sandbox) -> None:
    """One client used from several asyncio.run calls, with connections kept alive, sends each message once."""
    client = client_of(blooio_sandbox)
    chat = client.chat(PHONE)

    for number in range(6):
        asyncio.run(chat.send(f"message {number}"))

    assert len(blooio_sandbox.requests) == 6
    assert [message.text for message in blooio_sandbox.messages] == [f"message {number}" for number in range(6)]


def test_asyncio_and_trio_take_turns(blooio_sandbox: Sandbox) -> None:
    """The same client serves one event loop after another, of either kind."""
    chat = client_of(blooio_sandbox).chat(PHONE)

    async def send(text: str) -> None:
        await chat.send(text)

    asyncio.run(send("asyncio"))
    trio.run(send, "trio")
    anyio.run(send, "asyncio again")
    trio.run(send, "trio again")

    assert len(blooio_sandbox.requests) == 4
    assert len(blooio_sandbox.messages) == 4


def test_a_call_that_is_cancelled_in_a_handshake_leaves_nothing_open() -> None:
    """The server sees the connection close while the client and its event loop continue."""

    async def cancelled(listener: socket.socket) -> tuple[bytes, bytes]:
        async with AsyncBlooio("key", base_url=f"https://127.0.0.1:{listener.getsockname()[1]}") as client:
            calling = asyncio.ensure_future(client.me())
            connection, _ = await asyncio.to_thread(listener.accept)
            with closing(connection):
                connection.settimeout(20)
                hello = await asyncio.to_thread(connection.recv, 65536)
                calling.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await calling
                return hello, await asyncio.to_thread(connection.recv, 65536)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        hello, rest = asyncio.run(cancelled(listener))

    assert hello
    assert rest == b""


def test_threads_with_their_own_loops(blooio_sandbox: Sandbox) -> None:
    """Threads that each run an event loop can share one client, and every message is sent once."""
    chat = client_of(blooio_sandbox).chat(PHONE)

    async def send_two(name: str) -> None:
        await chat.send(f"{name}, first")
        await chat.send(f"{name}, second")

    threads = [threading.Thread(target=asyncio.run, args=(send_two(f"thread {n}"),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(blooio_sandbox.messages) == 16
    assert len(blooio_sandbox.requests) == 16


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_nothing_is_left_open(blooio_sandbox: Sandbox) -> None:
    """A loop's connections close with it, without open files or warnings."""
    command = [sys.executable, "-W", "error", many_runs.__file__, blooio_sandbox.base_url, blooio_sandbox.api_key, "40"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())

    assert done.stderr == ""
    assert after == before


def test_an_unreferenced_client_closes_its_connections(blooio_sandbox: Sandbox) -> None:
    """A client dropped while its loop continues leaves no open transport and no warning."""

    async def use_and_forget() -> None:
        await client_of(blooio_sandbox).me()
        gc.collect()
        await anyio.lowlevel.checkpoint()

    asyncio.run(use_and_forget())
    gc.collect()

    assert len(blooio_sandbox.requests) == 1


def test_closing_applies_to_every_loop(blooio_sandbox: Sandbox) -> None:
    """A closed client is closed in every loop."""
    client = client_of(blooio_sandbox)

    async def use_and_close() -> None:
        async with client:
            await client.me()

    asyncio.run(use_and_close())

    with pytest.raises(ClientStateError, match="closed"):
        asyncio.run(client.me())


def test_the_users_client_stays_in_its_loop(blooio_sandbox: Sandbox) -> None:
    """The user's own AsyncClient raises an error in a second loop instead of losing messages."""
    own = httpx.AsyncClient()
    client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)

    async def use() -> None:
        await client.me()

    async def use_and_close() -> None:
        await client.me()
        await own.aclose()

    asyncio.run(use_and_close())

    with pytest.raises(ClientStateError, match="another event loop"):
        asyncio.run(use())
    assert len(blooio_sandbox.requests) == 1


def test_cancelling_leaves_the_pool_usable() -> None:
    """A cancelled send does not disturb the next one, and can be retried safely with its key."""
    began = threading.Event()

    def serve(exchange: Exchange) -> None:
        if began.is_set():
            exchange.write(json_response(b'{"message_id": "msg_1"}', b"202 Accepted"))
        else:
            began.set()
            exchange.wait()

    async def cancel_then_repeat(url: str) -> str:
        async with AsyncBlooio("key", base_url=url) as client, anyio.create_task_group() as group:
            chat = client.chat(PHONE)
            group.start_soon(lambda: chat.send("Hello", idempotency_key="order-42"))
            await anyio.to_thread.run_sync(began.wait)
            group.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                return (await chat.send("Hello", idempotency_key="order-42")).message_id
        raise AssertionError("unreachable")

    with Wire(serve) as server:
        message_id = asyncio.run(cancel_then_repeat(server.url))

    assert message_id == "msg_1"
    assert [b"idempotency-key: order-42" in request.lower() for request in server.requests] == [True, True]


def test_cancelling_an_upload_leaves_nothing_unfinished() -> None:
    """A send cancelled while its body is written leaves no unfinished generator, which trio would report."""
    listener = socket.create_server(("127.0.0.1", 0))  # nothing accepts or reads

    async def cancel_while_writing() -> None:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with AsyncBlooio("key", base_url=url) as client, trio.open_nursery() as nursery:
            nursery.start_soon(client.chat(PHONE).send, "x" * 20_000_000)
            await wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()

    with listener, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        trio.run(cancel_while_writing)
        gc.collect()

    assert [str(each.message) for each in said] == []


def test_many_tasks_at_once(blooio_sandbox: Sandbox) -> None:
    """A hundred concurrent sends are a hundred messages."""

    async def send_all() -> None:
        async with client_of(blooio_sandbox) as client, anyio.create_task_group() as group:
            for number in range(100):
                group.start_soon(client.chat(PHONE).send, f"message {number}")

    asyncio.run(send_all())

    assert sorted(message.text or "" for message in blooio_sandbox.messages) == sorted(
        f"message {n}" for n in range(100)
    )
    blooio_sandbox.assert_no_duplicates()


FORK = """
import asyncio, os, sys
import httpx
from blooio_client import AsyncBlooio, Blooio, ClientStateError

url, key = sys.argv[1:]
client, own = Blooio(key, base_url=url), httpx.Client()
with_own, waiting = Blooio(key, base_url=url, http_client=own), AsyncBlooio(key, base_url=url)
awaiting_own = AsyncBlooio(key, base_url=url, http_client=httpx.AsyncClient())
chat = client.chat("+15551234567")
chat.send("before"), with_own.me(), asyncio.run(waiting.chat("+15551234567").send("before, awaited"))
child = os.fork()
if child == 0:
    chat.send("in the child")
    asyncio.run(waiting.chat("+15551234567").send("in the child, awaited"))
    refused = 0
    for use in (with_own.me, lambda: asyncio.run(awaiting_own.me())):
        try:
            use()
        except ClientStateError as error:
            refused += "fork" in str(error)
    client.close(), own.close()
    sys.exit(0 if refused == 2 else 1)
_, status = os.waitpid(child, 0)
chat.send("in the parent")
client.close()
own.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_after_a_fork_both_processes_can_send(blooio_sandbox: Sandbox) -> None:
    """Parent and child each send their messages once; the user's own client is rejected in the child."""
    command = [sys.executable, "-W", "error", "-c", FORK, blooio_sandbox.base_url, blooio_sandbox.api_key]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(message.text or "" for message in blooio_sandbox.messages) == [
        "before",
        "before, awaited",
        "in the child",
        "in the child, awaited",
        "in the parent",
    ]


def test_a_refused_connection_raises_in_every_loop() -> None:
    """A refused connection raises ConnectionFailedError in each event loop."""
    client = AsyncBlooio("key", base_url="http://127.0.0.1:9", max_retries=0)

    for _ in range(2):
        with pytest.raises(ConnectionFailedError):
            asyncio.run(client.me())


def test_an_http_client_of_the_other_kind_raises() -> None:
    """AsyncBlooio rejects a sync http_client, and Blooio an async one."""
    with httpx.Client() as blocking, pytest.raises(InvalidArgumentError, match=r"httpx\.AsyncClient"):
        AsyncBlooio("key", http_client=blocking)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidArgumentError, match=r"httpx\.Client"):
        Blooio("key", http_client=httpx.AsyncClient())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("given", ["httpx", 5, urllib.request.build_opener(), httpx.Client, httpx.AsyncClient])
def test_an_http_client_of_no_kind_raises(given: Any) -> None:
    """Anything else is rejected at once, not by the first call."""
    for kind in (Blooio, AsyncBlooio):
        with pytest.raises(InvalidArgumentError, match="http_client must be"):
            kind("key", http_client=given)
