# Derived from ../_async/test_deadlines.py by `make derive`. Do not edit.
"""Deadlines: a call ends when its time is over, whatever the server does meanwhile."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from queue import SimpleQueue

import httpx
import pytest
from wire import Exchange, Wire, hang_up, in_turn, json_answer

from blooio_client import Blooio
from blooio_client.errors import ConnectionFailedError, DeadlineExceededError, InvalidArgumentError

CHAT = b'{"id": "+15551234567"}'
ENOUGH = 100  # bytes that a dripping server would need five seconds for


def test_a_header_drip_ends_with_the_deadline() -> None:
    """A server that gives its headers byte by byte cannot hold a call beyond its timeout."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        written.append(exchange.drip(b"HTTP/1.1 200 OK\r\nx-filler: " + b"x" * ENOUGH))

    with Wire(drip) as server:
        with Blooio("key", base_url=server.url, timeout=0.3) as client:
            with pytest.raises(DeadlineExceededError) as caught:
                client.chat("+15551234567").get()

    assert caught.value.sent is None
    assert written[0] < ENOUGH


def test_a_body_drip_ends_with_the_deadline() -> None:
    """The same holds for the body, of which each byte comes well within any single read's time."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        written.append(exchange.drip(b"x" * ENOUGH))

    with Wire(drip) as server:
        with Blooio("key", base_url=server.url, timeout=0.3) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get()

    assert written[0] < ENOUGH


DRIPS = {"headers": b"HTTP/1.1 200 OK\r\nx-filler: ", "body": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"}


@pytest.mark.parametrize("where", DRIPS)
def test_a_connection_that_drips_is_closed_and_the_next_call_is_fine(where: str) -> None:
    """Half a second against a byte each tenth of one: the server is left after a few, and not only with the client."""
    written = SimpleQueue[int]()

    def drip(exchange: Exchange) -> None:
        exchange.write(DRIPS[where])
        written.put(exchange.drip(b" " * ENOUGH, pause=0.1))

    with Wire(in_turn(drip, lambda exchange: exchange.write(json_answer(CHAT)))) as server:
        with Blooio("key", base_url=server.url) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get(timeout=0.5)

            assert written.get() < 20
            assert (client.chat("+15551234567").get()).id == "+15551234567"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
def test_a_connection_that_never_comes_about_provably_sent_nothing() -> None:
    """Where nobody picks up, the deadline ends the waiting, and the error says that nothing was sent."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        address = listener.getsockname()
        with closing(socket.create_connection(address)):
            fails_without_being_sent(f"http://127.0.0.1:{address[1]}")


def test_a_handshake_that_never_ends_provably_sent_nothing() -> None:
    """The same where somebody picks up, and never says who they are."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        fails_without_being_sent(f"https://127.0.0.1:{listener.getsockname()[1]}")


def fails_without_being_sent(url: str) -> None:
    """Send a poll to where nobody answers; nothing of it can have left."""
    with Blooio("key", base_url=url, timeout=0.3, max_retries=0) as client:
        with pytest.raises(DeadlineExceededError, match="Nothing was sent") as caught:
            client.chat("+15551234567").polls.send(["Pizza", "Sushi"])

    assert caught.value.sent is False


def test_the_client_works_on_after_a_deadline() -> None:
    """A call that ran out of time leaves nothing behind that would disturb the next one."""
    with Wire(in_turn(Exchange.wait, lambda exchange: exchange.write(json_answer(CHAT)))) as server:
        with Blooio("key", base_url=server.url) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get(timeout=0.2)
            chat = client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


def test_a_send_that_ran_out_of_time_keeps_its_key() -> None:
    """Nobody knows whether it was sent; the key that would make a repeat harmless is in the error."""
    with Wire(Exchange.wait) as server:
        with Blooio("key", base_url=server.url, timeout=0.2) as client:
            with pytest.raises(DeadlineExceededError, match="same key") as caught:
                client.chat("+15551234567").send("Hello", idempotency_key="order-42")

    assert (caught.value.sent, caught.value.idempotency_key) == (None, "order-42")
    assert len(server.requests) == 1


def test_the_limits_of_httpx_hold_per_attempt() -> None:
    """An httpx.Timeout bounds each attempt, and there is no deadline over all of them."""
    with Wire(Exchange.wait) as server:
        with Blooio("key", base_url=server.url, timeout=httpx.Timeout(0.1), max_retries=1) as client:
            with pytest.raises(DeadlineExceededError) as caught:
                client.chat("+15551234567").get()

    assert caught.value.attempts == 2
    assert len(server.requests) == 2


def test_without_a_timeout_an_answer_may_take_its_time() -> None:
    """timeout=None waits for a response that drips."""

    def drip(exchange: Exchange) -> None:
        exchange.drip(json_answer(CHAT), pause=0.001)

    with Wire(drip) as server:
        with Blooio("key", base_url=server.url, timeout=None) as client:
            chat = client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


def test_an_own_client_is_held_to_the_deadline_between_chunks() -> None:
    """With a client of the user's own the deadline holds where chunks of the response arrive."""

    def drip(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        exchange.drip(b"x" * ENOUGH)

    with Wire(drip) as server:
        with httpx.Client() as own, Blooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get(timeout=0.3)


def test_an_own_client_is_held_to_the_deadline_between_phases() -> None:
    """Headers that came too late are the end of it: no body is waited for."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        exchange.drip(b"HTTP/1.1 200 OK\r\n", pause=0.04)
        exchange.write(b"content-length: 100\r\n\r\n")
        written.append(exchange.drip(b"x" * ENOUGH))

    with Wire(drip) as server:
        with httpx.Client() as own, Blooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get(timeout=0.3)

    assert not written or written[0] < ENOUGH


def test_an_own_client_waits_for_no_answer_beyond_the_deadline() -> None:
    """Where nothing comes at all, the deadline holds with a client of the user's own too, and leaves it usable."""
    with Wire(in_turn(Exchange.wait, lambda exchange: exchange.write(json_answer(CHAT)))) as server:
        with httpx.Client() as own, Blooio("key", base_url=server.url, http_client=own) as client:
            with pytest.raises(DeadlineExceededError):
                client.chat("+15551234567").get(timeout=0.3)
            chat = client.chat("+15551234567").get()

    assert chat.id == "+15551234567"


def test_nobody_there_is_told_at_once() -> None:
    """A refused connection provably sent nothing, for a call that may never be repeated as well."""
    with Wire(Exchange.wait) as server:
        url = server.url
    with Blooio("key", base_url=url, max_retries=0) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            client.chat("+15551234567").react("love")

    assert (caught.value.sent, caught.value.attempts) == (False, 1)


def test_a_connection_that_breaks_leaves_the_outcome_open() -> None:
    """A reaction whose answer was lost is not sent again: it may show already."""
    with Wire(hang_up) as server:
        with Blooio("key", base_url=server.url) as client:
            with pytest.raises(ConnectionFailedError, match="Check before you retry") as caught:
                client.chat("+15551234567").react("love")

    assert (caught.value.sent, caught.value.attempts) == (None, 1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("timeout", [0, -1.0, float("inf"), True, "soon"])
def test_a_timeout_that_is_none_is_refused(timeout: float) -> None:
    """A timeout is a number of seconds above 0."""
    with pytest.raises(InvalidArgumentError, match="timeout"):
        Blooio("key").chat("+15551234567").get(timeout=timeout)
