"""Reusing and closing connections, with sync clients and on every event loop."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import ref

import anyio
import anyio.to_thread
import httpx
import pytest
from keep_alive import READ_BUFFER, KeepAliveServer, echo, response, response_of_size
from loops import KINDS, LOOPS, PHONE, send_all
from moved_clock import Clock

from blooio_client import AsyncBlooio, Blooio
from blooio_client.errors import BlooioError, ConnectionFailedError, DeadlineExceededError
from blooio_overrides._io import wire


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_tls", [False, True])
def test_a_connection_is_reused(kind: str, is_tls: bool, tls: ssl.SSLContext) -> None:
    """Consecutive calls share a connection, which closes with the client."""
    with KeepAliveServer(tls=tls if is_tls else None) as server:
        assert send_all(kind, server.url, ["a", "b", "c"]) == ["a", "b", "c"]
        assert server.open_becomes(0)
        assert server.connections == 1


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("kind", KINDS)
def test_a_request_is_one_packet_without_cookies(kind: str) -> None:
    """Each request is one packet, and cookies set by the server are not sent back."""
    packets: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            for _ in range(2):
                packets.append(connection.recv(1 << 16))
                connection.sendall(response("msg_1").replace(b"\r\n", b"\r\nset-cookie: team=blue\r\n", 1))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        served = pool.submit(serve, listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert send_all(kind, url, ["a", "b"], max_retries=0, timeout=httpx.Timeout(60.0)) == ["msg_1", "msg_1"]
        served.result()

    assert [packet.rpartition(b"\r\n\r\n")[2] for packet in packets] == [b'{"text":"a"}', b'{"text":"b"}']
    assert not any(b"cookie" in packet.lower() for packet in packets)


async def twice(text: str) -> Sequence[bytes]:
    """Respond twice, the second time unsolicited."""
    return [response(text), response("of somebody else")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_tls", [False, True])
def test_a_second_response_is_not_used_for_the_next_request(kind: str, is_tls: bool, tls: ssl.SSLContext) -> None:
    """If the server responds twice, each send gets its own response on a new connection."""
    texts = [f"text {number}" for number in range(10)]
    with KeepAliveServer(twice, tls if is_tls else None) as server:
        assert send_all(kind, server.url, texts) == texts
        assert server.connections == len(texts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize("extra", [-2, -1, 0, 1, 2, READ_BUFFER, 3 * READ_BUFFER])
def test_a_second_response_behind_a_full_buffer(kind: str, is_tls: bool, extra: int, tls: ssl.SSLContext) -> None:
    """A second response that is not read yet, since the first fills the read buffer, is not used either."""

    async def reply(text: str) -> Sequence[bytes]:
        return [response_of_size(text, READ_BUFFER + extra), response("of somebody else")]

    with KeepAliveServer(reply, tls if is_tls else None) as server:
        assert send_all(kind, server.url, ["a", "b", "c"]) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_the_server_closed_is_not_used(kind: str) -> None:
    """A connection closed by the server is detected before anything is written to it."""
    with KeepAliveServer() as server:
        assert send_all(kind, server.url, ["a", "b"], server.drop_all) == ["a", "b"]
        assert (server.connections, server.texts) == (2, ["a", "b"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("idle", "connections"), [(wire.KEEPALIVE_EXPIRY - 0.1, 1), (wire.KEEPALIVE_EXPIRY + 0.1, 2)])
def test_an_idle_connection_is_closed_before_servers_close_it(
    kind: str, idle: float, connections: int, clock: Clock
) -> None:
    """A connection that is idle for more than 4 seconds is closed, since common servers close it after 5."""

    def pass_time() -> None:
        clock.moment += idle

    assert wire.KEEPALIVE_EXPIRY < 5
    with KeepAliveServer() as server:
        send_all(kind, server.url, ["a", "b"], pass_time)
        assert server.connections == connections


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("idle", "connections"), [(0.9, 1), (1.1, 2)])
def test_calls_that_cannot_be_repeated_use_no_stale_connection(
    kind: str, idle: float, connections: int, clock: Clock
) -> None:
    """A poll does not use a connection that was idle for over a second, but leaves it to other calls."""

    def blocking(url: str) -> None:
        with Blooio("key", base_url=url) as client:
            client.chat(PHONE).send("first")
            clock.moment += idle
            client.chat(PHONE).polls.send(["Pizza", "Sushi"])

    async def awaiting(url: str) -> None:
        async with AsyncBlooio("key", base_url=url) as client:
            await client.chat(PHONE).send("first")
            clock.moment += idle
            await client.chat(PHONE).polls.send(["Pizza", "Sushi"])

    with KeepAliveServer() as server:
        if kind == "sync":
            blocking(server.url)
        else:
            LOOPS[kind](lambda: awaiting(server.url))
        assert server.connections == connections


@pytest.mark.parametrize("kind", ["threads", *LOOPS])
def test_more_sends_than_connections(kind: str) -> None:
    """Three times as many sends as connections all arrive, within the connection limit."""
    sends = 3 * wire.MAX_CONNECTIONS

    async def slowly(text: str) -> Sequence[bytes]:
        await asyncio.sleep(0.3)
        return await echo(text)

    with KeepAliveServer(slowly) as server:
        texts = [f"text {number}" for number in range(sends)]
        arrived = many_threads(server.url, texts) if kind == "threads" else LOOPS[kind](lambda: many(server.url, texts))

        assert sorted(arrived) == sorted(texts)
        assert len(server.texts) == sends
        assert server.most <= wire.MAX_CONNECTIONS
        assert server.open_becomes(0)


def many_threads(url: str, texts: Sequence[str]) -> list[str]:
    """Send each text from its own thread."""
    with Blooio("key", base_url=url, timeout=300.0) as client, ThreadPoolExecutor(len(texts)) as pool:

        def send(text: str) -> str:
            return client.chat(PHONE).send(text).message_id

        return list(pool.map(send, texts))


async def many(url: str, texts: Sequence[str]) -> list[str]:
    """Send each text from its own task."""
    arrived: list[str] = []
    async with AsyncBlooio("key", base_url=url, timeout=300.0) as client, anyio.create_task_group() as group:

        async def send(text: str) -> None:
            arrived.append((await client.chat(PHONE).send(text)).message_id)

        for text in texts:
            group.start_soon(send, text)
    return arrived


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("timeout", ["of the call", "of each phase"])
def test_waiting_for_a_connection_counts(kind: str, timeout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that gets no connection before its timeout fails with `sent` False."""
    monkeypatch.setattr(wire, "MAX_CONNECTIONS", 1)
    limit: Any = 0.3 if timeout == "of the call" else httpx.Timeout(5.0, pool=0.2)
    kind_of_error = DeadlineExceededError if timeout == "of the call" else ConnectionFailedError
    may_respond = threading.Event()

    async def hold(text: str) -> Sequence[bytes]:
        await asyncio.to_thread(may_respond.wait, 30.0)
        return await echo(text)

    def blocking(url: str) -> BlooioError:
        with Blooio("key", base_url=url, max_retries=0) as client, ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.chat(PHONE).send, "first")
            assert server.arrived.wait(30.0)
            with pytest.raises(kind_of_error, match="all connections were in use") as caught:
                client.chat(PHONE).send("second", timeout=limit)
            may_respond.set()
            assert first.result(30.0).message_id == "first"
            return caught.value

    async def awaiting(url: str) -> BlooioError:
        errors: list[BlooioError] = []
        async with AsyncBlooio("key", base_url=url, max_retries=0) as client, anyio.create_task_group() as group:
            group.start_soon(client.chat(PHONE).send, "first")
            await anyio.to_thread.run_sync(server.arrived.wait, 30.0)
            with pytest.raises(kind_of_error, match="all connections were in use") as caught:
                await client.chat(PHONE).send("second", timeout=limit)
            errors.append(caught.value)
            may_respond.set()
        return errors[0]

    with KeepAliveServer(hold) as server:
        error = blocking(server.url) if kind == "sync" else LOOPS[kind](lambda: awaiting(server.url))

    assert (error.sent, server.texts) == (False, ["first"])


@pytest.fixture
def _without_garbage_collection() -> Iterator[None]:
    """Disable the garbage collector, which would hide leaked connections."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("kind", ["asyncio", "uvloop"])
@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize("is_warm", [False, True])
@pytest.mark.usefixtures("_without_garbage_collection")
def test_a_native_cancellation_leaves_no_connection(
    kind: str, is_tls: bool, is_warm: bool, tls: ssl.SSLContext
) -> None:
    """A send cancelled after any number of event loop steps leaves nothing open, and the next one succeeds."""
    ends: list[bool] = []

    async def cancel_after(steps: int) -> None:
        async with AsyncBlooio("key", base_url=server.url) as client:
            chat = client.chat(PHONE)
            if is_warm:
                await chat.send("warm")
            task = asyncio.ensure_future(chat.send("cancelled"))
            for step in range(steps):
                await asyncio.sleep(0 if step < 30 else 0.0002)
            task.cancel()
            try:
                await task
                ends.append(False)
            except asyncio.CancelledError:
                ends.append(True)
            assert (await chat.send("next")).message_id == "next"

    async def cancel_everywhere() -> None:
        for steps in range(60):
            await cancel_after(steps)
            if steps >= 10 and not any(ends[-10:]):  # by now, the send ends before it is cancelled
                break
        assert await asyncio.to_thread(server.open_becomes, 0)

    with KeepAliveServer(tls=tls if is_tls else None) as server:
        LOOPS[kind](cancel_everywhere)

    assert any(ends)


@pytest.mark.parametrize("kind", LOOPS)
def test_a_cancelled_wait_frees_its_place(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks that are cancelled while waiting for a connection free their place."""
    monkeypatch.setattr(wire, "MAX_CONNECTIONS", 2)

    async def cancel_many() -> list[str]:
        async with AsyncBlooio("key", base_url=server.url) as client:
            for _ in range(5):
                async with anyio.create_task_group() as group:
                    for number in range(20):
                        group.start_soon(client.chat(PHONE).send, f"cancelled {number}")
                    await anyio.sleep(0.002)
                    group.cancel_scope.cancel()
            return [(await client.chat(PHONE).send(f"text {number}")).message_id for number in range(5)]

    with KeepAliveServer() as server:
        assert LOOPS[kind](cancel_many) == [f"text {number}" for number in range(5)]
        assert server.open_becomes(0)


def test_few_idle_connections_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """After many concurrent calls, only a limited number of connections stays open."""
    monkeypatch.setattr(wire, "MAX_KEEPALIVE", 3)
    barrier = threading.Barrier(8)
    with KeepAliveServer() as server, Blooio("key", base_url=server.url) as client, ThreadPoolExecutor(8) as pool:

        def send(number: int) -> str:
            barrier.wait(30.0)
            return client.chat(PHONE).send(f"text {number}").message_id

        list(pool.map(send, range(8)))
        assert server.open <= 8
        assert server.open_becomes(min(3, server.connections)) or server.open < 3


def test_a_name_that_cannot_be_resolved_was_never_sent() -> None:
    """A host name that is too long raises ConnectionFailedError with `sent` False."""
    url = f"https://{'.'.join(['a' * 60] * 5)}"
    with Blooio("key", base_url=url, max_retries=0) as client, pytest.raises(ConnectionFailedError) as caught:
        client.me()

    assert caught.value.sent is False


class HandledError(Exception):
    """An exception that the caller is handling while it sends."""


def test_an_idle_connection_keeps_nothing_of_its_first_call() -> None:
    """An idle connection keeps no exception that the caller was handling when the connection was opened."""

    async def send_while_handling(client: AsyncBlooio) -> ref[HandledError]:
        try:
            raise HandledError  # noqa: TRY301 - it must be handled here
        except HandledError as error:
            await client.chat(PHONE).send("a")
            return ref(error)

    async def main(url: str) -> None:
        async with AsyncBlooio("key", base_url=url) as client:
            handled = await send_while_handling(client)
            gc.collect()
            assert handled() is None

    with KeepAliveServer() as server:
        asyncio.run(main(server.url))


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_breaks_while_it_writes(kind: str) -> None:
    """If the server disconnects during a large body, the outcome is unknown and no connection remains."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def read_a_little() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=read_a_little)
        thread.start()
        with pytest.raises(ConnectionFailedError) as caught:
            send_all(kind, f"http://127.0.0.1:{listener.getsockname()[1]}", ["x" * 30_000_000], max_retries=0)
        thread.join()

    assert (caught.value.sent, caught.value.attempts) == (None, 1)
