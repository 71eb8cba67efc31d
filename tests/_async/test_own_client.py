"""A user's own HTTP client: its hooks and headers are kept, its noise is not, and it stays open."""

from __future__ import annotations

import gzip
import logging

import httpx
import pytest
from pytest_httpserver import HTTPServer
from wire import Wire, json_answer

from blooio_client import AsyncBlooio
from blooio_client.errors import RedirectError, UnexpectedResponseError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


class OwnError(Exception):
    """An exception of the user's own code."""


async def fail(request: httpx.Request) -> None:
    """A hook that fails."""
    raise OwnError(request.method)


async def test_it_is_used_and_stays_open(blooio_sandbox: Sandbox) -> None:
    """Cookies and hooks of the client apply, and closing ours leaves it open."""
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
async def test_a_hook_that_takes_the_answer_away(blooio_sandbox: Sandbox, *, closes: bool) -> None:
    """Where a hook left nothing of the response, the error says that the message was accepted, and under which key."""

    async def spoil(response: httpx.Response) -> None:
        if closes:
            await response.aclose()
        else:
            async for _ in response.aiter_raw():
                pass

    async with httpx.AsyncClient(event_hooks={"response": [spoil]}) as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(UnexpectedResponseError) as caught:
            await client.chat(PHONE).send("Hello")

    assert (caught.value.sent, caught.value.status, caught.value.body) == (True, 202, b"")
    assert caught.value.idempotency_key == blooio_sandbox.messages[0].idempotency_key
    assert len(blooio_sandbox.requests) == 1


async def test_its_own_errors_pass_unchanged(blooio_sandbox: Sandbox) -> None:
    """An exception that is not the transport's is the user's: raised as it is, and not tried again."""
    async with httpx.AsyncClient(event_hooks={"request": [fail]}) as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(OwnError):
            await client.chat(PHONE).send("Hello")

    assert blooio_sandbox.requests == []


async def test_a_hook_that_reads_the_answer() -> None:
    """A hook may read the response, as hooks that log do: the message was sent, and its result is here."""

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
async def test_a_transport_that_answers_by_itself(*, is_streamed: bool) -> None:
    """What a transport of one's own makes up, as in tests, is a response like any other."""
    body = b'{"message_id": "msg_1"}'

    def response(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(202, stream=httpx.ByteStream(body)) if is_streamed else httpx.Response(202, content=body)

    async with httpx.AsyncClient(transport=httpx.MockTransport(response)) as own:
        sent = await AsyncBlooio("key", base_url="http://localhost", http_client=own).chat(PHONE).send("Hello")

    assert sent.message_id == "msg_1"


async def test_it_logs_no_address_of_ours(blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Httpx's record with the URL is dropped inside of our call, and kept outside of it."""
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient() as own:
        client = AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        await client.chat(PHONE).send("a private text")
        during = said(caplog)
        await own.get(blooio_sandbox.base_url + "/me")

    for private in ("5551234567", "a private text", blooio_sandbox.api_key):
        assert private not in during
    assert "/me" in caplog.text


def said(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged on the client's side of the wire: not what the server in this process says."""
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))


async def test_redirects_are_not_followed(httpserver: HTTPServer) -> None:
    """A client that follows redirects does not follow ours: the message would be lost, and the key told."""
    httpserver.expect_request("/chats/+15551234567/messages").respond_with_data(
        "", status=302, headers={"location": httpserver.url_for("/elsewhere")}
    )

    async with httpx.AsyncClient(follow_redirects=True) as own:
        client = AsyncBlooio("key", base_url=httpserver.url_for(""), http_client=own)
        with pytest.raises(RedirectError) as caught:
            await client.chat(PHONE).send("Hello")

    assert (caught.value.status, caught.value.sent, caught.value.attempts) == (302, None, 1)
    assert [request.path for request, _ in httpserver.log] == ["/chats/+15551234567/messages"]


async def test_an_upload_keeps_the_boundary_that_it_is_given() -> None:
    """Whoever says what the parts of an upload are divided by finds that in its body, too."""
    with Wire(lambda exchange: exchange.write(json_answer(b"{}"))) as server:
        async with httpx.AsyncClient() as own, AsyncBlooio("key", base_url=server.url, http_client=own) as client:
            given = {"content-type": "multipart/form-data; boundary=mine"}
            await client.chat(PHONE).background.set(b"\xff\xd8\xff\xe0", headers=given)

        assert b"boundary=mine\r\n" in server.requests[0]
        assert b"\r\n--mine--\r\n" in server.requests[0]
