"""Broken, large and pipelined requests."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from blooio_sandbox import Sandbox

TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
def exchange(sandbox: Sandbox) -> Callable[[bytes], bytes]:
    """Send bytes, and return everything received until the connection closes."""
    host, port = sandbox.base_url.split("/")[2].split(":")

    def send(content: bytes) -> bytes:
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as reader:
                return reader.read()

    return send


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v2/api/me HTTP/9.9\r\n\r\n",
        b"GET /v2/api/me HTTP/1.1\r\n\r\n",
        b"GET /v2/api/me HTTP/1.1\r\nhost: 127.0.0.1\r\nbad header\r\n\r\n",
        b"GET /v2/api/me HTTP/1.1\r\nhost: 127.0.0.1\r\nx: " + b"y" * 100_000 + b"\r\n\r\n",
        b"POST /v2/api/contacts HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /v2/api/contacts HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v2/api/%zz/\xff HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_broken_requests_are_rejected(
    api: httpx.Client, exchange: Callable[[bytes], bytes], sandbox: Sandbox, content: bytes
) -> None:
    """A broken request gets a 4xx or no response, and the sandbox keeps serving."""
    response = exchange(content)

    assert response == b"" or response.startswith(b"HTTP/1.1 4")
    assert api.get("/me").status_code == 200
    assert sandbox.messages == []


def test_an_incomplete_request_is_ignored(
    api: httpx.Client, exchange: Callable[[bytes], bytes], sandbox: Sandbox
) -> None:
    """An incomplete request is not carried out."""
    line, key = "POST /v2/api/chats/%2B15551234567/messages HTTP/1.1", sandbox.api_key
    head = f"{line}\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}"
    exchange(f'{head}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"text": "He'.encode())

    assert api.get("/me").status_code == 200
    assert [request.operation for request in sandbox.requests] == ["getMe"]


def test_large_bodies_are_accepted(api: httpx.Client, sandbox: Sandbox) -> None:
    """A body of 10 MB is accepted if it is JSON."""
    path = "/chats/%2B15551234567/messages"
    sent = api.post(path, json={"text": "x" * TEN_MEGABYTES})
    refused = api.post(path, content=bytes(TEN_MEGABYTES), headers={"Content-Type": "application/json"})

    assert (sent.status_code, refused.status_code) == (202, 400)
    assert len(sandbox.messages[0].text or "") == TEN_MEGABYTES


def test_responses_are_in_the_order_of_requests(sandbox: Sandbox) -> None:
    """Pipelined requests get their responses in order."""
    host, port = sandbox.base_url.split("/")[2].split(":")
    head = "GET /v2/api/{} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {}\r\nconnection: {}\r\n\r\n"
    wanted = [("me", "keep-alive"), ("nowhere", "keep-alive"), ("chats", "close")]
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall("".join(head.format(path, sandbox.api_key, end) for path, end in wanted).encode())
        with connection.makefile("rb") as reader:
            responses = reader.read()

    assert [part[:3] for part in responses.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]


def test_a_foreign_host_is_rejected(sandbox: Sandbox, exchange: Callable[[bytes], bytes]) -> None:
    """With DNS rebinding, a page cannot use the public key to read messages, since its host name is rejected."""
    sandbox.phone("+15551234567").sends("Private")
    host, key = f"evil.example:{sandbox.base_url.rpartition(':')[2].partition('/')[0]}", sandbox.api_key
    head = f"Host: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    received = exchange(f"GET /v2/api/chats/%2B15551234567/messages HTTP/1.1\r\n{head}".encode())

    assert received.startswith(b"HTTP/1.1 403")
    assert b"foreign_host" in received
    assert b"Private" not in received
    assert [request.status for request in sandbox.requests] == [403]
