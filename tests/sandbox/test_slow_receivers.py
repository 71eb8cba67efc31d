"""Receivers that are slow or respond with something unusual: they affect no other webhook, and no later test."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx
    from pytest_httpserver import HTTPServer

_NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
def hanging() -> Generator[socket.socket]:
    """The socket of a receiver that responds only if a test does."""
    with _listening() as listener:
        yield listener


@pytest.fixture
def other() -> Generator[socket.socket]:
    """Another such socket."""
    with _listening() as listener:
        yield listener


def _listening() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)
    return listener


@pytest.fixture
def quick(httpserver: HTTPServer) -> str:
    """The URL of a receiver that responds at once."""
    httpserver.expect_request("/quick").respond_with_data("", 204)
    return httpserver.url_for("/quick")


def _subscribe(api: httpx.Client, url: str) -> str:
    webhook_id = api.post("/webhooks", json={"webhook_url": url, "webhook_type": "all"}).json()["webhook_id"]
    return f"/webhooks/{webhook_id}/logs"


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def _receive(connection: socket.socket) -> str:
    """Read one delivery, and return the text of its message."""
    connection.settimeout(30)
    with connection.makefile("rb") as reader:
        head = [line.lower().partition(b": ") for line in iter(reader.readline, b"\r\n")]
        length = next(int(value) for name, _, value in head if name == b"content-length")
        text: str = json.loads(reader.read(length))["text"]
        return text


def _texts(api: httpx.Client, logs: str) -> list[str]:
    return [log["event_body"]["text"] for log in api.get(logs, params={"sort": "asc"}).json()["logs"]]


def test_a_hanging_receiver_delays_no_other_webhook(
    api: httpx.Client, sandbox: Sandbox, hanging: socket.socket, other: socket.socket
) -> None:
    """Another webhook gets later events while one webhook has not responded to an earlier event."""
    _subscribe(api, _url(hanging))
    _subscribe(api, _url(other))
    phone = sandbox.phone("+15551234567")
    phone.sends("one")
    connection, _ = other.accept()
    with connection:
        assert _receive(connection) == "one"
        connection.sendall(_NO_CONTENT)
        phone.sends("two")

        assert _receive(connection) == "two"


def test_a_hanging_receiver_delays_no_delivery_after_a_reset(
    api: httpx.Client, sandbox: Sandbox, hanging: socket.socket, quick: str
) -> None:
    """After a reset, deliveries do not wait for a receiver of the state before."""
    _subscribe(api, _url(hanging))
    sandbox.phone("+15551234567").sends("before")
    connection, _ = hanging.accept()
    sandbox.reset()
    logs = _subscribe(api, quick)
    sandbox.phone("+15551234567").sends("after")
    with connection:
        sandbox.wait_for_deliveries(timeout=20)

    assert _texts(api, logs) == ["after"]


def test_a_hanging_receiver_gets_its_events_in_order(
    api: httpx.Client, sandbox: Sandbox, hanging: socket.socket
) -> None:
    """A webhook that has not responded gets its later events once it has, in order."""
    logs = _subscribe(api, _url(hanging))
    phone = sandbox.phone("+15551234567")
    phone.sends("one")
    connection, _ = hanging.accept()
    phone.sends("two")
    phone.sends("three")
    with connection:
        for text in ("one", "two", "three"):
            assert _receive(connection) == text
            connection.sendall(_NO_CONTENT)
        sandbox.wait_for_deliveries(timeout=30)

    assert _texts(api, logs) == ["one", "two", "three"]


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nstill"])
def test_a_receiver_has_a_limited_time(
    connect: Callable[[Sandbox], httpx.Client], hanging: socket.socket, start: bytes
) -> None:
    """A receiver that has not responded in full within `webhook_timeout` gets the event again."""
    with Sandbox(webhook_timeout=0.2, retry_schedule=[0]) as sandbox:
        api = connect(sandbox)
        logs = _subscribe(api, _url(hanging))
        sandbox.phone("+15551234567").sends("Hi")
        first, _ = hanging.accept()
        with first:
            first.sendall(start)
            second, _ = hanging.accept()
        with second:
            assert _receive(second) == "Hi"
            second.sendall(_NO_CONTENT)
            sandbox.wait_for_deliveries(timeout=30)
        event_id = api.get(logs).json()["logs"][0]["event_id"]
        attempts = sandbox.overview.attempts(event_id)["attempts"]

    assert [each["status"] for each in attempts] == [None, 204]
    assert attempts[0]["error"] == "no response within 0.2 seconds"


@pytest.mark.parametrize("content", [rb'{"text": "\ud83d"}', b'{"text": NaN}', b"[" * 100_000, b"\xff"])
def test_a_response_that_is_not_json_is_logged_without_a_body(
    api: httpx.Client, sandbox: Sandbox, httpserver: HTTPServer, content: bytes
) -> None:
    """Half an emoji, NaN, JSON nested too deeply or no UTF-8 in a response is one successful delivery."""
    httpserver.expect_request("/odd").respond_with_data(content, 200, content_type="application/json")
    logs = _subscribe(api, httpserver.url_for("/odd"))
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()
    (log,) = json.loads(api.get(logs).content, parse_constant=pytest.fail)["logs"]
    replay = api.post(f"{logs}/{log['event_id']}/replay")

    assert (log["response_status"], log["response_json"]) == (200, None)
    assert (replay.json()["success"], replay.json()["response_data"]["body"]) == (True, None)
    assert len(httpserver.log) == 2
