"""Resets and snapshots with requests and deliveries in flight."""

from __future__ import annotations

import pickle
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from werkzeug import Response

from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer
    from werkzeug import Request

    from blooio_sandbox import RecordedRequest

CHAT = "/chats/%2B15551234567/messages"


def test_a_request_received_in_part_before_a_reset_does_nothing(sandbox: Sandbox) -> None:
    """A request whose body arrives after the reset gets 410, and is neither recorded nor carried out."""
    host, port = sandbox.base_url.split("/")[2].split(":")
    head = f"POST /v2/api{CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.api_key}\r\nConnection: close\r\n"
    entity = "Content-Type: application/json\r\nContent-Length: 17\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection((host, int(port))) as connection:
        response = connection.makefile("rb")
        connection.sendall((head + entity).encode())
        begun = response.readline() + response.readline()
        sandbox.reset()
        connection.sendall(b'{"text": "Hello"}')
        status = response.readline()
        response.close()

    assert begun.startswith(b"HTTP/1.1 100")
    assert status.startswith(b"HTTP/1.1 410")
    assert (sandbox.messages, sandbox.requests) == ([], [])


def test_a_request_received_in_part_ends_with_the_sandbox(caplog: pytest.LogCaptureFixture) -> None:
    """A client that never sends the rest of its request does not delay `stop`, and causes no traceback."""
    with Sandbox() as sandbox:
        address = ("127.0.0.1", int(sandbox.base_url.split(":")[2].partition("/")[0]))
        connection = socket.create_connection(address, timeout=30)
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
    with connection:
        assert connection.recv(100) == b""

    assert caplog.records == []


def test_a_request_that_was_delayed_before_a_reset_does_nothing(api: httpx.Client, sandbox: Sandbox) -> None:
    """A request that ends after the reset gets 410 and does not change the new state."""
    sandbox.delay_next(0.3)
    with ThreadPoolExecutor(1) as threads:
        response = threads.submit(api.post, CHAT, json={"text": "Hello"})
        while not sandbox.requests:
            assert not response.done()
        sandbox.reset()

        assert (response.result().status_code, response.result().json()["code"]) == (410, "sandbox_reset")
    assert (sandbox.messages, sandbox.requests) == ([], [])


def test_an_observer_sees_every_request_with_its_response(connect: Callable[[Sandbox], httpx.Client]) -> None:
    """An observer sees every request with its response, including those with a fault."""
    seen: list[RecordedRequest] = []
    with Sandbox(observer=seen.append) as sandbox:
        sandbox.fail_next(503)
        for _ in range(2):
            connect(sandbox).get("/me")

    assert [(record.operation, record.status) for record in seen] == [("getMe", 503), ("getMe", 200)]


def test_a_delivery_in_flight_is_not_logged_after_a_reset(
    api: httpx.Client, sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    """A delivery that ends after the reset is not logged for a new webhook with the same URL."""
    arrived, answering = threading.Event(), threading.Event()

    def answer_late(_request: Request) -> Response:
        arrived.set()
        answering.wait(30)
        return Response("", 204)

    httpserver.expect_request("/hook").respond_with_handler(answer_late)
    body = {"webhook_url": httpserver.url_for("/hook"), "webhook_type": "all"}
    api.post("/webhooks", json=body)
    sandbox.phone("+15551234567").sends("before")
    assert arrived.wait(30)
    sandbox.reset()
    webhook = api.post("/webhooks", json=body).json()
    sandbox.phone("+15551234567").sends("after")
    answering.set()
    sandbox.wait_for_deliveries()
    logs = api.get(f"/webhooks/{webhook['webhook_id']}/logs").json()["logs"]

    assert [log["event_body"]["text"] for log in logs] == ["after"]


def test_a_snapshot_restores_everything(api: httpx.Client, sandbox: Sandbox) -> None:
    """A snapshot restores messages, keys, contacts, groups and the time, any number of times."""
    api.post("/contacts", json={"identifier": "ann@example.com", "name": "Ann"})
    api.post("/groups", json={"name": "Team", "members": ["+15551234567", "ann@example.com"]})
    first = api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "a"}).json()
    sandbox.advance(seconds=1)
    sandbox.phone("+15551234567").reacts("love")
    snapshot = pickle.loads(pickle.dumps(sandbox.snapshot()))  # noqa: S301 - it was made a moment ago
    moment, messages, chats = sandbox.now, sandbox.messages, api.get("/chats").json()
    for _ in range(2):
        sandbox.advance(seconds=3600)
        sandbox.fail_next(503)
        sandbox.phone("+15551234567").sends("Later")
        api.post("/contacts", json={"identifier": "bob@example.com"})
        sandbox.restore(snapshot)

        assert (sandbox.now, sandbox.messages, sandbox.requests) == (moment, messages, [])
        assert api.get("/chats").json() == chats
        assert [contact["identifier"] for contact in api.get("/contacts").json()["contacts"]] == [
            "+15551234567",
            "ann@example.com",
        ]
        again = api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "a"})
        assert (again.status_code, again.json()) == (200, first)


def test_a_snapshot_is_restored_in_another_sandbox(api: httpx.Client, sandbox: Sandbox, tmp_path: Path) -> None:
    """A snapshot can be restored into a sandbox with a file, which then makes its due deliveries."""
    api.post(CHAT, json={"text": "Hello"})
    with Sandbox(db=tmp_path / "blooio.db", clock="stepped") as other:
        other.restore(sandbox.snapshot())
        other.advance(seconds=2)

        assert [message.status for message in other.messages] == ["delivered"]
        assert [message.status for message in sandbox.messages] == ["queued"]


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 100, None])
def test_a_file_of_another_program_raises(tmp_path: Path, content: bytes | None) -> None:
    """A file that is not a state file is rejected and left unchanged."""
    path = tmp_path / "blooio.db"
    if content is None:
        import sqlite3

        other = sqlite3.connect(path)
        other.execute("CREATE TABLE notes (text TEXT)")
        other.commit()
        other.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()

    with pytest.raises(ValueError, match=r"blooio\.db cannot be used"):
        Sandbox(db=path).start()
    assert path.read_bytes() == before
