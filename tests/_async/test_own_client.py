"""The user's own HTTP client: its hooks and headers apply, its URLs are not logged, and it stays open."""

from __future__ import annotations

import gzip
import logging
import re
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pytest_httpserver import HTTPServer
from wire import Exchange, Wire, json_response, read_request

from blooio_client import AsyncBlooio, Call
from blooio_client.errors import ConnectionFailedError, RedirectError, UnexpectedResponseError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


class OwnError(Exception):
    """An exception raised by the user's code."""


async def fail(request: httpx.Request) -> None:
    """A hook that fails."""
    raise OwnError(request.method)


async def test_the_users_client_is_used_and_stays_open(blooio_sandbox: Sandbox) -> None:
    """The cookies and hooks of the user's client apply, and closing ours leaves it open."""
    seen: list[str] = []

    async def note(request: httpx.Request) -> None:
        seen.append(request.method)

    async with httpx.AsyncClient(event_hooks={"request": [note]}, cookies={"team": "blue"}) as own:
        async with AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own) as client:
            await client.chat(PHONE).send("Hello")

        assert not own.is_closed
    assert seen == ["POST"]
    assert len(blooio_sandbox.messages) == 1


@pytest.mark.parametrize("closes", [False, True])
async def test_a_hook_that_discards_the_response(blooio_sandbox: Sandbox, *, closes: bool) -> None:
    """If a hook discards the response, the error says that the message was accepted, and has its key."""

    async def discard(response: httpx.Response) -> None:
        if closes:
            await response.aclose()
        else:
            async for _ in response.aiter_raw():
                pass

    async with httpx.AsyncClient(event_hooks={"response": [discard]}) as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(UnexpectedResponseError) as caught:
            await client.chat(PHONE).send("Hello")

    assert (caught.value.sent, caught.value.status, caught.value.body) == (True, 202, b"")
    assert caught.value.idempotency_key == blooio_sandbox.messages[0].idempotency_key
    assert len(blooio_sandbox.requests) == 1


async def test_errors_in_a_hook_are_raised_unchanged(blooio_sandbox: Sandbox) -> None:
    """Exceptions in the user's code are raised unchanged and not retried."""
    async with httpx.AsyncClient(event_hooks={"request": [fail]}) as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(OwnError):
            await client.chat(PHONE).send("Hello")

    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("about", [httpx.Request("GET", "https://api.example"), None])
async def test_a_hook_whose_own_request_fails(about: httpx.Request | None) -> None:
    """If a hook makes a request of its own that fails, the message may still have been sent, and is not sent again."""

    async def report(response: httpx.Response) -> None:
        del response
        raise httpx.ConnectError("no connection to another host", request=about)

    with Wire(lambda exchange: exchange.write(json_response(b'{"poll_id": "poll_1"}'))) as server:
        async with httpx.AsyncClient(event_hooks={"response": [report]}) as own:
            client = AsyncBlooio("key", base_url=server.url, http_client=own)
            with pytest.raises(ConnectionFailedError) as caught:
                await client.chat(PHONE).polls.send(["Pizza", "Sushi"])

    assert (caught.value.sent, caught.value.attempts, len(server.requests)) == (None, 1, 1)


class Retrying(httpx.AsyncHTTPTransport):
    """A transport that retries whatever fails."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, twice if the first attempt fails."""
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError:
            pass
        return await super().handle_async_request(request)


async def test_a_transport_that_retries_until_the_connection_is_refused() -> None:
    """If the user's transport retries and then cannot connect, its first attempt may have worked."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        received = pool.submit(last_request, listener)
        async with httpx.AsyncClient(transport=Retrying()) as own:
            client = AsyncBlooio("key", base_url=url, http_client=own)
            with pytest.raises(ConnectionFailedError, match="ConnectError") as caught:
                await client.chat(PHONE).polls.send(["Pizza", "Sushi"])

    assert received.result().startswith(b"POST ")
    assert (caught.value.sent, caught.value.attempts) == (None, 1)


def last_request(listener: socket.socket) -> bytes:
    """Receive a request, then refuse further connections and close this one."""
    connection, _ = listener.accept()
    with connection:
        request = read_request(connection)
        listener.close()
    return request


async def test_a_proxy_of_the_users_client_that_refuses() -> None:
    """If the proxy of the user's client refuses the tunnel, nothing was sent: only the proxy got a request."""
    with Wire(lambda exchange: exchange.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) as proxy:
        async with httpx.AsyncClient(proxy=proxy.url) as own:
            client = AsyncBlooio("key", base_url="https://api.example", http_client=own, max_retries=0)
            with pytest.raises(ConnectionFailedError, match="the proxy refused the connection") as caught:
                await client.chat(PHONE).react("love")

    assert proxy.requests[0].startswith(b"CONNECT api.example:443 ")
    assert caught.value.sent is False


async def test_a_refused_connection_of_the_users_client() -> None:
    """If the user's client cannot connect, nothing was sent."""
    with Wire(Exchange.wait) as server:
        url = server.url
    async with httpx.AsyncClient() as own:
        client = AsyncBlooio("key", base_url=url, http_client=own, max_retries=0)
        with pytest.raises(ConnectionFailedError) as caught:
            await client.chat(PHONE).react("love")

    assert (caught.value.sent, caught.value.attempts) == (False, 1)


async def test_a_hook_that_reads_the_response() -> None:
    """A hook may read the response, for example to log it; the result is still returned."""

    async def read(response: httpx.Response) -> None:
        await response.aread()

    packed = gzip.compress(b'{"message_id": "msg_1"}')
    response = b"HTTP/1.1 202 Accepted\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (
        len(packed),
        packed,
    )
    with Wire(lambda exchange: exchange.write(response)) as server:
        async with httpx.AsyncClient(event_hooks={"response": [read]}) as own:
            sent = await AsyncBlooio("key", base_url=server.url, http_client=own).chat(PHONE).send("Hello")

    assert (sent.message_id, len(server.requests)) == ("msg_1", 1)


@pytest.mark.parametrize("is_streamed", [False, True])
async def test_a_mock_transport(*, is_streamed: bool) -> None:
    """The response of a mock transport is handled like any other."""
    body = b'{"message_id": "msg_1"}'

    def response(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(202, stream=httpx.ByteStream(body)) if is_streamed else httpx.Response(202, content=body)

    async with httpx.AsyncClient(transport=httpx.MockTransport(response)) as own:
        sent = await AsyncBlooio("key", base_url="http://localhost", http_client=own).chat(PHONE).send("Hello")

    assert sent.message_id == "msg_1"


async def test_urls_are_not_logged(blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """The log record in which httpx shows the URL is dropped during our calls, and kept otherwise."""
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient() as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        await client.chat(PHONE).send("a private text")
        during = logged(caplog)
        await own.get(blooio_sandbox.base_url + "/me")

    for private in ("5551234567", "a private text", blooio_sandbox.api_key):
        assert private not in during
    assert "/me" in caplog.text


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return the client's log records, without those of the server in this process."""
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))


async def test_redirects_are_not_followed(httpserver: HTTPServer) -> None:
    """Redirects are not followed even if the user's client does: it would lose the message and leak the key."""
    httpserver.expect_request("/chats/+15551234567/messages").respond_with_data(
        "", status=302, headers={"location": httpserver.url_for("/elsewhere")}
    )

    async with httpx.AsyncClient(follow_redirects=True) as own:
        client = AsyncBlooio("key", base_url=httpserver.url_for(""), http_client=own)
        with pytest.raises(RedirectError) as caught:
            await client.chat(PHONE).send("Hello")

    assert (caught.value.status, caught.value.sent, caught.value.attempts) == (302, None, 1)
    assert [request.path for request, _ in httpserver.log] == ["/chats/+15551234567/messages"]


@pytest.mark.parametrize("package", ["httpx", "httpx2"])
async def test_parameters_of_the_users_client_keep_ours(package: str) -> None:
    """Query parameters that the user's client always sends do not replace those of a call."""
    own = pytest.importorskip(package).AsyncClient(params={"team": "blue", "limit": "7"})
    with Wire(lambda exchange: exchange.write(json_response(b'{"contacts": []}'))) as server:
        async with own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            await client.contacts.list(q="ann+1 & co", page_size=5).first()
            await client.call(Call.build("GET", "/new", params={"tag": ["a", "b"]}))
            await client.call(Call.build("GET", "/new"))

    targets = [httpx.URL(f"http://127.0.0.1{request.split()[1].decode()}") for request in server.requests]
    assert [target.path for target in targets] == ["/contacts", "/new", "/new"]
    assert [dict(target.params) for target in targets] == [
        {"team": "blue", "limit": "1", "offset": "0", "q": "ann+1 & co"},
        {"team": "blue", "limit": "7", "tag": "a"},
        {"team": "blue", "limit": "7"},
    ]
    assert targets[1].params.get_list("tag") == ["a", "b"]


async def test_a_content_type_of_the_users_client_does_not_replace_that_of_an_upload() -> None:
    """A Content-Type that the user's client always sends does not turn an upload into something else."""
    own = httpx.AsyncClient(headers={"Content-Type": "application/json"})
    with Wire(lambda exchange: exchange.write(json_response(b'{"success": true}'))) as server:
        async with own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            await client.groups.icon.set("grp_1", b"\x89PNG\r\n\x1a\n")

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    types = re.findall(rb"content-type: (.*)", head, re.IGNORECASE)
    assert len(types) == 1
    boundary = re.fullmatch(rb"multipart/form-data; boundary=(\w+)\s*", types[0])
    assert boundary is not None
    assert body.startswith(b"--" + boundary[1] + b"\r\n")


async def test_the_users_boundary_is_kept() -> None:
    """The multipart body uses the boundary in the user's Content-Type header."""
    with Wire(lambda exchange: exchange.write(json_response(b"{}"))) as server:
        async with httpx.AsyncClient() as own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            given = {"content-type": "multipart/form-data; boundary=mine"}
            await client.chat(PHONE).background.set(b"\xff\xd8\xff\xe0", headers=given)

        assert b"boundary=mine\r\n" in server.requests[0]
        assert b"\r\n--mine--\r\n" in server.requests[0]
