# Derived from ../_async/test_own_client.py by `make derive`. Do not edit.
"""A user's own HTTP client: its hooks and headers are kept, its noise is not, and it stays open."""

from __future__ import annotations

import gzip
import logging

import httpx
import pytest
from pytest_httpserver import HTTPServer
from wire import Wire, json_answer

from blooio_client import Blooio
from blooio_client.errors import RedirectError, UnexpectedResponseError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


class OwnError(Exception):
    """An exception of the user's own code."""


def fail(request: httpx.Request) -> None:
    """A hook that fails."""
    raise OwnError(request.method)


def test_it_is_used_and_stays_open(blooio_sandbox: Sandbox) -> None:
    """Cookies and hooks of the client apply, and closing ours leaves it open."""
    seen: list[str] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.method)

    with httpx.Client(event_hooks={"request": [note]}, cookies={"team": "blue"}) as own:
        with Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own) as client:
            client.chat(PHONE).send("Hello")

        assert not own.is_closed
    assert seen == ["POST"]
    assert len(blooio_sandbox.messages) == 1


@pytest.mark.parametrize("closes", [False, True])
def test_a_hook_that_takes_the_answer_away(blooio_sandbox: Sandbox, *, closes: bool) -> None:
    """Where a hook left nothing of the response, the error says that the message was accepted, and under which key."""

    def spoil(response: httpx.Response) -> None:
        if closes:
            response.close()
        else:
            for _ in response.iter_raw():
                pass

    with httpx.Client(event_hooks={"response": [spoil]}) as own:
        client = Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(UnexpectedResponseError) as caught:
            client.chat(PHONE).send("Hello")

    assert (caught.value.sent, caught.value.status, caught.value.body) == (True, 202, b"")
    assert caught.value.idempotency_key == blooio_sandbox.messages[0].idempotency_key
    assert len(blooio_sandbox.requests) == 1


def test_its_own_errors_pass_unchanged(blooio_sandbox: Sandbox) -> None:
    """An exception that is not the transport's is the user's: raised as it is, and not tried again."""
    with httpx.Client(event_hooks={"request": [fail]}) as own:
        client = Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        with pytest.raises(OwnError):
            client.chat(PHONE).send("Hello")

    assert blooio_sandbox.requests == []


def test_a_hook_that_reads_the_answer() -> None:
    """A hook may read the response, as hooks that log do: the message was sent, and its result is here."""

    def read(response: httpx.Response) -> None:
        response.read()

    packed = gzip.compress(b'{"message_id": "msg_1"}')
    response = b"HTTP/1.1 202 Accepted\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (
        len(packed),
        packed,
    )
    with Wire(lambda exchange: exchange.write(response)) as server:
        with httpx.Client(event_hooks={"response": [read]}) as own:
            sent = Blooio("key", base_url=server.url, http_client=own).chat(PHONE).send("Hello")

    assert (sent.message_id, len(server.requests)) == ("msg_1", 1)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_transport_that_answers_by_itself(*, is_streamed: bool) -> None:
    """What a transport of one's own makes up, as in tests, is a response like any other."""
    body = b'{"message_id": "msg_1"}'

    def response(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(202, stream=httpx.ByteStream(body)) if is_streamed else httpx.Response(202, content=body)

    with httpx.Client(transport=httpx.MockTransport(response)) as own:
        sent = Blooio("key", base_url="http://localhost", http_client=own).chat(PHONE).send("Hello")

    assert sent.message_id == "msg_1"


def test_it_logs_no_address_of_ours(blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Httpx's record with the URL is dropped inside of our call, and kept outside of it."""
    caplog.set_level(logging.DEBUG)
    with httpx.Client() as own:
        client = Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, http_client=own)
        client.chat(PHONE).send("a private text")
        during = said(caplog)
        own.get(blooio_sandbox.base_url + "/me")

    for private in ("5551234567", "a private text", blooio_sandbox.api_key):
        assert private not in during
    assert "/me" in caplog.text


def said(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged on the client's side of the wire: not what the server in this process says."""
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))


def test_redirects_are_not_followed(httpserver: HTTPServer) -> None:
    """A client that follows redirects does not follow ours: the message would be lost, and the key told."""
    httpserver.expect_request("/chats/+15551234567/messages").respond_with_data(
        "", status=302, headers={"location": httpserver.url_for("/elsewhere")}
    )

    with httpx.Client(follow_redirects=True) as own:
        client = Blooio("key", base_url=httpserver.url_for(""), http_client=own)
        with pytest.raises(RedirectError) as caught:
            client.chat(PHONE).send("Hello")

    assert (caught.value.status, caught.value.sent, caught.value.attempts) == (302, None, 1)
    assert [request.path for request, _ in httpserver.log] == ["/chats/+15551234567/messages"]


def test_an_upload_keeps_the_boundary_that_it_is_given() -> None:
    """Whoever says what the parts of an upload are divided by finds that in its body, too."""
    with Wire(lambda exchange: exchange.write(json_answer(b"{}"))) as server:
        with httpx.Client() as own, Blooio("key", base_url=server.url, http_client=own) as client:
            given = {"content-type": "multipart/form-data; boundary=mine"}
            client.chat(PHONE).background.set(b"\xff\xd8\xff\xe0", headers=given)

        assert b"boundary=mine\r\n" in server.requests[0]
        assert b"\r\n--mine--\r\n" in server.requests[0]
