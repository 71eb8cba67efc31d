"""One message sent with its own key by a sync client, which reads the message id from the response."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.contender import Contender, Work
from benchmarks.harness import (
    HTTPX,
    HTTPX2,
    LIMIT,
    OFFICIAL,
    OURS,
    OWN_CLIENT,
    Row,
    at_most,
    contend,
    medians,
    optional,
)
from benchmarks.responses import API_KEY, CHAT, SEND_PATH, TEXT

CALLS: Final = 150
HEADERS: Final = {"authorization": f"Bearer {API_KEY}"}
TIMEOUT: Final = 30.0


def rows(url: str) -> list[Row]:
    """Measure sync sends."""
    taken = contend("sends", "CONTENDERS", CONTENDERS, url, calls=CALLS)
    figures = medians(taken, 1e6)
    through_own = {HTTPX: figures[HTTPX], OURS: figures.pop(OWN_CLIENT)}
    name = "one send, with key, retries and deadline armed, models"
    return [
        Row(name, "µs", figures, (at_most(taken, 0.9),)),
        Row(f"{name}, own http_client", "µs", through_own, (at_most(taken, 1.15, ours=OWN_CLIENT),)),
    ]


def repeated(send: Callable[[], str]) -> Work:
    """Return a function that sends some messages and checks that each send got a response."""

    def work(calls: int) -> None:
        for _ in range(calls):
            assert send().startswith("msg_")

    return work


@contextmanager
def connected(url: str) -> Generator[socket.socket]:
    """Yield a connection without Nagle's algorithm."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port or 80)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def read_response(connection: socket.socket) -> bytes:
    """Read the body of a response."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    chunks, left = [body], length - len(body)
    while left > 0:
        chunks.append(connection.recv(left))
        left -= len(chunks[-1])
    return b"".join(chunks)


@contextmanager
def raw_socket(url: str) -> Generator[Work]:
    """Do only what is necessary: JSON, one write and one read."""
    head = (
        f"POST {SEND_PATH} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\nauthorization: Bearer {API_KEY}\r\n"
        "content-type: application/json\r\n"
    )
    with connected(url) as connection:

        def send() -> str:
            body = json.dumps({"text": TEXT}).encode()
            further = f"idempotency-key: {uuid.uuid4()}\r\ncontent-length: {len(body)}\r\n\r\n"
            connection.sendall((head + further).encode() + body)
            sent: str = json.loads(read_response(connection))["message_id"]
            return sent

        yield repeated(send)


@contextmanager
def plain_client(url: str, module: str) -> Generator[Work]:
    """Use httpx like an expert."""
    with optional(module).Client(headers=HEADERS, timeout=TIMEOUT) as client:

        def send() -> str:
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            response = client.post(url + SEND_PATH, json={"text": TEXT}, headers=headers)
            sent: str = response.raise_for_status().json()["message_id"]
            return sent

        yield repeated(send)


@contextmanager
def official(url: str) -> Generator[Work]:
    """Use the official package, with its retries; pass a key, since it creates none."""
    with optional("blooio").Blooio(api_key=API_KEY, base_url=url) as client:

        def send() -> str:
            sent: Any = client.chats.messages.send(CHAT, text=TEXT, idempotency_key=str(uuid.uuid4()))
            return str(sent.message_id)

        yield repeated(send)


@contextmanager
def ours(url: str) -> Generator[Work]:
    """Use this client."""
    from blooio_client import Blooio

    with Blooio(API_KEY, base_url=url) as client:
        yield repeated(lambda: str(client.chat(CHAT).send(TEXT).message_id))


@contextmanager
def ours_through_own_client(url: str) -> Generator[Work]:
    """Use this client with the user's own HTTP client."""
    import httpx

    from blooio_client import Blooio

    with httpx.Client() as own, Blooio(API_KEY, base_url=url, http_client=own) as client:
        yield repeated(lambda: str(client.chat(CHAT).send(TEXT).message_id))


CONTENDERS: Final[Mapping[str, Contender]] = {
    LIMIT: raw_socket,
    HTTPX: partial(plain_client, module="httpx"),
    HTTPX2: partial(plain_client, module="httpx2"),
    OFFICIAL: official,
    OURS: ours,
    OWN_CLIENT: ours_through_own_client,
}
