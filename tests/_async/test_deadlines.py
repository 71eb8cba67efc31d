"""Deadlines: a call ends at its timeout, whatever the server does."""

from __future__ import annotations

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue

import httpx
import pytest
from wire import Exchange, Wire, after_the_first, hang_up, in_turn, json_response

from blooio_client import AsyncBlooio, Call
from blooio_client.errors import ConnectionFailedError, DeadlineExceededError, InvalidArgumentError

pytestmark = pytest.mark.anyio

CHAT = b'{"id": "+15551234567"}'
ENOUGH = 100  # a dripping server needs five seconds for these bytes


async def test_a_header_drip_ends_with_the_deadline() -> None:
    """A server that sends its headers byte by byte cannot prolong a call beyond its timeout."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        written.append(exchange.drip(b"HTTP/1.1 200 OK\r\nx-filler: " + b"x" * ENOUGH))

    with Wire(after_the_first(drip)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            await client.chat("+15551234567").get()
            with pytest.raises(DeadlineExceededError) as caught:
                await client.chat("+15551234567").get(timeout=0.3)

    assert caught.value.sent is None
    assert written[0] < ENOUGH


async def test_a_body_drip_ends_with_the_deadline() -> None:
    """A server that sends its body byte by byte cannot prolong a call either, although each read is short."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        written.append(exchange.drip(b"x" * ENOUGH))

    with Wire(after_the_first(drip)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            await client.chat("+15551234567").get()
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.3)

    assert written[0] < ENOUGH


async def test_a_body_that_is_read_slowly_ends_with_the_deadline() -> None:
    """A server that reads a long request slowly cannot prolong a call either, although it always reads on."""
    body, read = b"x" * 40_000_000, SimpleQueue[int]()

    def sip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            total = 0
            while chunk := connection.recv(1 << 18):
                total += len(chunk)
                time.sleep(0.01)  # how slowly it reads, not a synchronization
            read.put(total)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        served = pool.submit(sip, listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with AsyncBlooio("key", base_url=url, timeout=0.3, max_retries=0) as client:
            with pytest.raises(DeadlineExceededError) as caught:
                await client.call(Call.build("POST", "/imports", json=body.decode()))
        served.result()

    assert caught.value.sent is None
    assert read.get() < len(body)


async def test_an_upload_that_is_never_read_ends() -> None:
    """The time of an upload starts at its last byte, but a server that stops reading cannot prolong it forever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with AsyncBlooio("key", base_url=url, timeout=0.3, max_retries=0) as client:
            with pytest.raises(DeadlineExceededError, match="sending took too long") as caught:
                await client.groups.icon.set("grp_1", b"x" * 40_000_000)

    assert caught.value.sent is None


DRIPS = {"headers": b"HTTP/1.1 200 OK\r\nx-filler: ", "body": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"}


@pytest.mark.parametrize("where", DRIPS)
async def test_a_connection_that_drips_is_closed_and_the_next_call_succeeds(where: str) -> None:
    """At the deadline, the connection is closed without waiting for the client to be closed."""
    written = SimpleQueue[int]()

    def drip(exchange: Exchange) -> None:
        exchange.write(DRIPS[where])
        written.put(exchange.drip(b" " * ENOUGH, pause=0.1))

    then = in_turn(drip, lambda exchange: exchange.write(json_response(CHAT)))
    with Wire(after_the_first(then)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            await client.chat("+15551234567").get()
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.5)

            assert written.get(timeout=30.0) < 20
            assert (await client.chat("+15551234567").get()).id == "+15551234567"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, a full backlog refuses connections")
async def test_a_connection_that_is_never_accepted_sent_nothing() -> None:
    """If nothing accepts the connection, the deadline ends the call, and the error says that nothing was sent."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        address = listener.getsockname()
        with closing(socket.create_connection(address)):
            await fails_without_being_sent(f"http://127.0.0.1:{address[1]}")


async def test_a_handshake_that_never_ends_sent_nothing() -> None:
    """If the server never completes the TLS handshake, the error says that nothing was sent."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        await fails_without_being_sent(f"https://127.0.0.1:{listener.getsockname()[1]}")


async def fails_without_being_sent(url: str) -> None:
    """Check that a poll fails at the deadline and that nothing was sent."""
    async with AsyncBlooio("key", base_url=url, timeout=0.3, max_retries=0) as client:
        with pytest.raises(DeadlineExceededError, match="Nothing was sent") as caught:
            await client.chat("+15551234567").polls.send(["Pizza", "Sushi"])

    assert caught.value.sent is False


class Silence:
    """A service that does not respond until its silence ends."""

    def __init__(self) -> None:
        self.ends = False

    def __call__(self, exchange: Exchange) -> None:
        """Respond, or wait."""
        if self.ends:
            exchange.write(json_response(CHAT))
        else:
            exchange.wait()


async def test_the_client_stays_usable_after_a_deadline() -> None:
    """A timed-out call does not affect the next one."""
    silence = Silence()
    with Wire(silence) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.2)
            silence.ends = True
            chat = await client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


async def test_a_send_that_timed_out_keeps_its_key() -> None:
    """The outcome of a send that timed out is unknown; the error has the key that makes a retry safe."""
    with Wire(after_the_first(Exchange.wait)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            chat = client.chat("+15551234567")
            await chat.get()
            with pytest.raises(DeadlineExceededError, match="same key") as caught:
                await chat.send("Hello", idempotency_key="order-42", timeout=0.2)

    assert (caught.value.sent, caught.value.idempotency_key) == (None, "order-42")
    assert len(server.requests) == 2


async def test_an_httpx_timeout_applies_per_attempt() -> None:
    """An httpx.Timeout limits each attempt, and there is no deadline over all attempts."""
    timeout = httpx.Timeout(30.0, read=0.1)
    with Wire(Exchange.wait) as server:
        async with AsyncBlooio("key", base_url=server.url, timeout=timeout, max_retries=1) as client:
            with pytest.raises(DeadlineExceededError) as caught:
                await client.chat("+15551234567").get()

    assert caught.value.attempts == 2
    assert len(server.requests) == 2


async def test_without_a_timeout_a_response_may_be_slow() -> None:
    """timeout=None waits for a slow response."""

    def drip(exchange: Exchange) -> None:
        exchange.drip(json_response(CHAT), pause=0.001)

    with Wire(drip) as server:
        async with AsyncBlooio("key", base_url=server.url, timeout=None) as client:
            chat = await client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


async def test_the_deadline_applies_between_chunks_with_the_users_client() -> None:
    """With the user's HTTP client, the deadline is checked at each chunk of the response."""

    def drip(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        exchange.drip(b"x" * ENOUGH)

    with Wire(drip) as server:
        async with httpx.AsyncClient() as own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.3)


async def test_the_deadline_applies_between_phases_with_the_users_client() -> None:
    """If the headers arrive too late, the body is not read."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        exchange.drip(b"HTTP/1.1 200 OK\r\n", pause=0.04)
        exchange.write(b"content-length: 100\r\n\r\n")
        written.append(exchange.drip(b"x" * ENOUGH))

    with Wire(drip) as server:
        async with httpx.AsyncClient() as own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.3)

    assert not written or written[0] < ENOUGH


async def test_the_deadline_applies_without_a_response_with_the_users_client() -> None:
    """If nothing arrives, the deadline ends the call, and the user's client stays usable."""
    silence = Silence()
    with Wire(silence) as server:
        async with httpx.AsyncClient() as own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                await client.chat("+15551234567").get(timeout=0.3)
            silence.ends = True
            chat = await client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


async def test_a_refused_connection_sent_nothing() -> None:
    """The error for a refused connection says that nothing was sent, even for a call that is never retried."""
    with Wire(Exchange.wait) as server:
        url = server.url
    async with AsyncBlooio("key", base_url=url, max_retries=0) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            await client.chat("+15551234567").react("love")

    assert (caught.value.sent, caught.value.attempts) == (False, 1)


async def test_a_broken_connection_leaves_the_outcome_unknown() -> None:
    """A reaction whose response was lost is not sent again, since it may already exist."""
    with Wire(hang_up) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(ConnectionFailedError, match="Check before you retry") as caught:
                await client.chat("+15551234567").react("love")

    assert (caught.value.sent, caught.value.attempts) == (None, 1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("timeout", [0, -1.0, float("inf"), True, "soon"])
async def test_an_invalid_timeout_raises(timeout: float) -> None:
    """A timeout is a number of seconds above 0."""
    with pytest.raises(InvalidArgumentError, match="timeout"):
        await AsyncBlooio("key").chat("+15551234567").get(timeout=timeout)
