"""Between a call and the wire: proxies, compression, sizes, uploads."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer
from wire import Exchange, Wire, in_turn, json_response

from blooio_client import AsyncBlooio, calls
from blooio_client.errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidArgumentError,
    RateLimitError,
    UnexpectedResponseError,
)
from blooio_client.types import File

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def test_a_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests go through the proxy set in the environment, with or without a scheme."""
    with Wire(lambda exchange: exchange.write(json_response(b'{"id": "x"}'))) as proxy:
        for address in (proxy.url, proxy.url.removeprefix("http://")):
            monkeypatch.setenv("HTTP_PROXY", address)
            async with AsyncBlooio("key", base_url="http://blooio.invalid/v2", allow_http=True) as client:
                await client.chat(PHONE).get()

    lines = [request.split(b"\r\n")[0] for request in proxy.requests]
    assert lines == [b"GET http://blooio.invalid/v2/chats/%2B15551234567 HTTP/1.1"] * 2


async def test_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host excluded in the environment is reached directly."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Wire(lambda exchange: exchange.write(json_response(b'{"id": "x"}'))) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            assert (await client.chat(PHONE).get()).id == "x"


async def test_a_server_without_tls(caplog: pytest.LogCaptureFixture) -> None:
    """A failed TLS handshake is a failed connection, and nothing was sent."""
    with Wire(lambda exchange: exchange.write(json_response(b"{}"))) as server:
        async with AsyncBlooio("key", base_url=server.url.replace("http:", "https:"), max_retries=0) as client:
            with pytest.raises(ConnectionFailedError) as caught:
                await client.chat(PHONE).send("Hello")

    assert caught.value.sent is False
    assert "5551234567" not in caplog.text


async def test_a_compressed_response(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """Compressed responses are decompressed."""
    httpserver.expect_request(f"/v2/api/chats/{PHONE}").respond_with_data(
        gzip.compress(b'{"id": "x"}'), headers={"content-encoding": "gzip"}
    )

    assert (await stub.chat(PHONE).get()).id == "x"


async def test_a_decompression_bomb() -> None:
    """A small response that decompresses to more than the limit is truncated, like any response that is too long."""
    bomb = bytes(2 * 64 * 1024 * 1024)
    headers = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s"
    packed = gzip.compress(bomb, 1)

    with Wire(lambda exchange: exchange.write(headers % (len(packed), packed))) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(UnexpectedResponseError) as caught:
                await client.chat(PHONE).get()

    assert len(caught.value.body) == 64 * 1024 * 1024 + 1


async def test_a_response_that_cannot_be_decompressed(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """Invalid compressed data is an unexpected response, not a failed connection, so the call is not retried."""
    httpserver.expect_request(f"/v2/api/chats/{PHONE}/messages").respond_with_data(
        b"garbage", status=202, headers={"content-encoding": "gzip"}
    )

    with pytest.raises(UnexpectedResponseError) as caught:
        await stub.chat(PHONE).send("Hello")

    assert (caught.value.sent, caught.value.attempts) == (None, 1)


async def test_an_endless_response_is_cut() -> None:
    """A response is read up to a limit; a truncated one is not valid JSON, and raises an error."""
    block = b" " * (1024 * 1024)

    def flood(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
        while exchange.can_write(block):
            pass

    with Wire(flood) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(UnexpectedResponseError) as caught:
                await client.chat(PHONE).get()

    assert 64 * len(block) < len(caught.value.body) < 66 * len(block)


MADE_UP = json_response(b'{"message_id": "msg_of_nobody"}').replace(b"connection: close\r\n", b"")


@pytest.mark.parametrize("is_own", [False, True])
async def test_extra_bytes_are_not_the_next_response(*, is_own: bool) -> None:
    """Bytes after the announced length are dropped with the connection, so they cannot pass for the next response."""
    true = b'{"message_id": "msg_%d"}'
    first = json_response(true % 1).replace(b"connection: close\r\n", b"") + MADE_UP
    responses = in_turn(
        lambda exchange: exchange.write(first),
        lambda exchange: exchange.write(json_response(true % 2)),
    )

    def response(exchange: Exchange) -> None:
        responses(exchange)
        exchange.wait()

    with Wire(response) as server:
        async with (
            httpx.AsyncClient() as own,
            AsyncBlooio("key", base_url=server.url, http_client=own if is_own else None) as client,
        ):
            sent = [await client.chat(PHONE).send("Hello") for _ in range(2)]

    assert [message.message_id for message in sent] == ["msg_1", "msg_2"]
    assert len(server.requests) == 2


def upload(payload: Any, mime_type: str | None = "image/png") -> Any:
    """Return a call that sets a group's icon."""
    return calls.set_group_icon("grp_1", body={"icon": File(payload, "icon.png", mime_type)})


BUSY = json_response(b"", b"429 Too Many Requests\r\nretry-after: 0")


@pytest.mark.parametrize("kind", ["bytes", "file"])
async def test_a_retried_upload_is_sent_from_its_start(tmp_path: Path, kind: str) -> None:
    """After a 429, the whole file is sent again, with its name and type."""
    content = b"\x89PNG" + bytes(100_000)
    (tmp_path / "icon.png").write_bytes(content)
    responses = in_turn(
        lambda exchange: exchange.write(BUSY), lambda exchange: exchange.write(json_response(b'{"success": true}'))
    )

    with Wire(responses) as server, (tmp_path / "icon.png").open("rb") as file:
        async with AsyncBlooio("key", base_url=server.url) as client:
            icon = await client.call(upload(content if kind == "bytes" else file))

    assert icon.success is True
    assert len(server.requests) == 2
    for request in server.requests:
        assert content in request
        assert b'name="icon"; filename="icon.png"\r\nContent-Type: image/png\r\n' in request


class Pipe(io.BytesIO):
    """A file that cannot be rewound."""

    def seekable(self) -> bool:
        """Return False."""
        return False


async def test_a_file_that_cannot_be_rewound_is_sent_once() -> None:
    """A file that cannot be rewound is not sent again, since a second attempt would send an empty file."""
    with Wire(lambda exchange: exchange.write(BUSY)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(RateLimitError) as caught:
                await client.call(upload(Pipe(b"\x89PNG"), None))

    assert caught.value.attempts == 1
    assert b"\x89PNG" in server.requests[0]


class Readable:
    """A file that can only be read."""

    def __init__(self, content: bytes) -> None:
        self.read = io.BytesIO(content).read


async def test_a_file_that_can_only_be_read_is_sent_once() -> None:
    """A file without seek() and seekable() is not sent again either, and the error has the outcome."""
    with Wire(lambda exchange: exchange.write(BUSY)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(RateLimitError) as caught:
                await client.call(upload(Readable(b"\x89PNG")))

    assert (caught.value.attempts, caught.value.sent) == (1, False)
    assert b"\x89PNG" in server.requests[0]


async def test_the_timeout_of_an_upload_starts_once_it_is_sent() -> None:
    """The deadline starts once the file is sent, so the response has the whole timeout."""
    written: list[int] = []

    def drip(exchange: Exchange) -> None:
        written.append(exchange.drip(b"HTTP/1.1 200 OK\r\nx-filler: " + b"x" * 100))

    with Wire(in_turn(lambda exchange: exchange.write(json_response(b'{"success": true}')), drip)) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            assert (await client.call(upload(SlowFile(1.1)), timeout=1.0)).success is True
            with pytest.raises(DeadlineExceededError):
                await client.call(upload(SlowFile(0.4)), timeout=0.3)

    assert written[0] < 100


class SlowFile(io.BytesIO):
    """A file that takes some seconds to read."""

    def __init__(self, seconds: float) -> None:
        super().__init__(b"\x89PNG")
        self._seconds = seconds

    def read(self, size: int | None = -1) -> bytes:
        """Read, then sleep."""
        import time

        chunk = super().read(size)
        if chunk:
            time.sleep(self._seconds)
        return chunk


async def test_an_unencodable_text_raises(stub: AsyncBlooio) -> None:
    """A lone surrogate cannot be encoded, so nothing is sent."""
    with pytest.raises(InvalidArgumentError, match="surrogate"):
        await stub.chat(PHONE).send("\ud800")
