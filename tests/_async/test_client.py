"""The client: options, copies, undocumented calls, reprs and logs."""

from __future__ import annotations

import datetime
import logging
import pickle
import re
from functools import cached_property
from typing import Any

import attrs
import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio, Call, calls
from blooio_client.errors import (
    AuthenticationError,
    ClientStateError,
    InvalidArgumentError,
    NotFoundError,
    RedirectError,
    UnexpectedResponseError,
)
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def test_me(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The API key in the response is a secret, hidden in its repr."""
    me = await client.me()

    assert me.api_key is not None
    assert me.api_key.reveal() == blooio_sandbox.api_key
    assert blooio_sandbox.api_key not in repr(me)


async def test_a_wrong_key(blooio_sandbox: Sandbox) -> None:
    """An invalid key raises an error that says what to check, without the key."""
    async with AsyncBlooio("not-the-key", base_url=blooio_sandbox.base_url) as client:
        with pytest.raises(AuthenticationError, match="BLOOIO_API_KEY") as caught:
            await client.me()

    assert "not-the-key" not in str(caught.value)


async def test_a_copy_shares_the_connections(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A copy has its own headers and retries, and closing it leaves the connections open."""
    blooio_sandbox.fail_next(503, retry_after=0)
    async with client.with_options(max_retries=0, headers={"X-Team": "blue"}, timeout=5) as view:
        await view.with_options(max_retries=1).me()
    await client.me()

    teams = [request.headers.get("x-team") for request in blooio_sandbox.requests]
    assert teams == ["blue", "blue", None]


async def test_a_closed_client_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A closed client sends nothing, and the error says why."""
    chat = client.chat(PHONE)
    await client.aclose()

    with pytest.raises(ClientStateError, match="closed"):
        await chat.send("Hello")
    assert blooio_sandbox.requests == []


async def test_one_key_for_every_call_raises(client: AsyncBlooio) -> None:
    """An Idempotency-Key in a client's headers raises an error, since only the first message would be sent."""
    with pytest.raises(InvalidArgumentError, match="only the first message"):
        client.with_options(headers={"Idempotency-Key": "order-42"})


async def test_any_documented_call(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A generated call is retried like any other, and a send gets an idempotency key."""
    blooio_sandbox.fail_next(503, retry_after=0)
    accepted = await client.call(calls.send_message(PHONE, body={"text": "Hello"}))

    assert accepted.message_id == blooio_sandbox.messages[0].id
    assert len({request.idempotency_key for request in blooio_sandbox.requests}) == 1


@pytest.mark.parametrize("call", [None, "GET /me", calls.get_me])
async def test_what_is_not_a_call(client: AsyncBlooio, blooio_sandbox: Sandbox, call: Any) -> None:
    """Anything but a `Call` raises an error that names its type, and nothing is sent."""
    for send in (client.call, client.call_raw):
        with pytest.raises(InvalidArgumentError, match=f"call must be a Call.* not {type(call).__name__}"):
            await send(call)
    assert blooio_sandbox.requests == []


async def test_an_undocumented_call(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """An undocumented call encodes its ids and returns the JSON of the response unchanged."""
    httpserver.expect_request("/v2/api/chats/+15551234567/new", method="POST", json={"a": 1}).respond_with_json([1])
    call = Call.build("POST", "/chats/{chatId}/new", chatId=PHONE, json={"a": 1}, params={"q": "x y"})

    assert await stub.call(call) == [1]
    assert httpserver.log[0][0].query_string == b"q=x%20y"


@pytest.mark.parametrize(("body", "expected"), [("", None), ("7", 7)])
async def test_an_undocumented_call_accepts_any_json(
    stub: AsyncBlooio, httpserver: HTTPServer, body: str, expected: object
) -> None:
    """Any JSON, and even an empty body, is a valid response to an undocumented call."""
    httpserver.expect_request("/v2/api/new").respond_with_data(body, status=204 if not body else 200)

    assert await stub.call(Call.build("GET", "/new")) == expected


@pytest.mark.parametrize(
    ("returns", "expected"), [("text", "[1]"), ("bytes", b"[1]"), ("array", [1]), ("json", [1]), ("nothing", None)]
)
async def test_a_call_whose_result_is_not_an_object(
    stub: AsyncBlooio, httpserver: HTTPServer, returns: Any, expected: object
) -> None:
    """The body is returned as text, bytes or JSON, or ignored, as the call declares."""
    httpserver.expect_request("/v2/api/new").respond_with_data("[1]")

    assert await stub.call(attrs.evolve(Call.build("GET", "/new"), returns=returns)) == expected


async def test_an_undocumented_call_that_returns_html(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A response that is not JSON raises an error."""
    httpserver.expect_request("/v2/api/new").respond_with_data("<html>")

    with pytest.raises(UnexpectedResponseError):
        await stub.call(Call.build("GET", "/new"))


async def test_a_call_is_a_value_that_can_be_extended(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """Adding parameters and headers returns a new call and leaves the original unchanged."""
    httpserver.expect_request("/v2/api/chats/+15551234567").respond_with_json({"id": PHONE})
    call = calls.get_chat(PHONE)

    await stub.call(call.adding(params={"new": 1}, headers={"X-Team": "blue"}))

    request = httpserver.log[0][0]
    assert (request.query_string, request.headers["X-Team"], call.params) == (b"new=1", "blue", {})


async def test_a_raw_response(client: AsyncBlooio) -> None:
    """`call_raw` returns a response with an error status instead of raising."""
    raw = await client.call_raw(calls.get_message(PHONE, "msg_none"))

    assert raw.status == 404
    assert raw.parsed["status"] == 404
    assert "content-type" in raw.headers
    assert "msg_none" not in repr(raw)


async def test_a_raw_response_has_the_key_of_its_send(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """After an error status of unknown outcome, a raw send can be retried with its key, so there is one message."""
    blooio_sandbox.fail_next(500, times=3, operation="sendMessage", after_processing=True)
    call = calls.send_message(PHONE, body={"text": "Hello"})

    failed = await client.call_raw(call)
    again = await client.call_raw(call.adding(headers={"Idempotency-Key": failed.idempotency_key or ""}))

    assert (failed.status, again.status) == (500, 200)
    assert pickle.loads(pickle.dumps(failed)).idempotency_key == failed.idempotency_key  # noqa: S301 - our own
    assert (await client.call_raw(calls.get_me())).idempotency_key is None
    assert len(blooio_sandbox.messages) == 1


async def test_a_raw_response_that_is_not_json(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A body that is not JSON is kept as bytes."""
    httpserver.expect_request("/v2/api/me").respond_with_data("<html>", status=404)

    raw = await stub.call_raw(calls.get_me())

    assert (raw.body, raw.parsed) == (b"<html>", None)


async def test_redirects_are_not_followed(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A redirect raises an error, and the key is not sent to another host."""
    httpserver.expect_request("/v2/api/me").respond_with_data(
        "", status=307, headers={"location": "http://127.0.0.1:9/"}
    )

    with pytest.raises(RedirectError, match="does not follow redirects") as caught:
        await stub.me()

    assert caught.value.sent is None


async def test_a_repeated_delete_that_finds_nothing(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """The error for a 404 after an unknown outcome says that an earlier attempt may have deleted the webhook."""
    httpserver.expect_ordered_request("/v2/api/webhooks/wh_1").respond_with_data(
        "", status=500, headers={"retry-after": "0"}
    )
    httpserver.expect_ordered_request("/v2/api/webhooks/wh_1").respond_with_json({"error": "ApiError"}, status=404)

    with pytest.raises(NotFoundError, match="may have deleted it") as caught:
        await stub.webhooks.delete("wh_1")

    assert (caught.value.sent, caught.value.attempts) == (None, 2)


async def test_the_log_is_complete_and_private(
    client: AsyncBlooio, blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs contain only the method, path template, status, attempt and milliseconds, at any level of any logger."""
    caplog.set_level(logging.DEBUG)
    blooio_sandbox.fail_next(503, retry_after=0)
    await client.chat(PHONE).send("a private text", idempotency_key="order-42")

    ours = [record.getMessage() for record in caplog.records if record.name == "blooio_client"]
    assert [line.rsplit(",", 1)[0] for line in ours] == [
        "POST /chats/{chatId}/messages: 503, attempt 1",
        "POST /chats/{chatId}/messages: 202, attempt 2",
    ]
    for private in (PHONE, "5551234567", "a private text", "order-42", blooio_sandbox.api_key):
        assert private not in logged(caplog)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return the client's log records, without those of the server in this process."""
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))


async def test_reprs_are_private(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Reprs of the client, its handles and its resources contain no key and no address."""
    chat = client.chat(PHONE)
    shown = repr([client, chat, chat.messages, client.chats, client.webhooks, client.chats.list(), vars(client)])

    assert blooio_sandbox.api_key not in shown
    assert "5551234567" not in shown


async def test_the_user_agent(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The User-Agent names the client and the version of Python."""
    await client.me()

    agent = blooio_sandbox.requests[0].headers["user-agent"]
    assert agent.startswith("blooio-client/")
    assert " python/3." in agent


class TeamClient(AsyncBlooio):
    """A client with its own constructor, attribute and cached property."""

    def __init__(self, team: str, **options: Any) -> None:
        super().__init__("stub-key", **options)
        self.team = team

    @cached_property
    def shout(self) -> str:
        """A value computed from the client."""
        return f"{self.team}!"


async def test_copies_of_a_subclass_keep_its_attributes(httpserver: HTTPServer) -> None:
    """`with_options` copies all attributes of a subclass, and resources use the new options."""
    httpserver.expect_request("/contacts").respond_with_json({"contacts": []})
    async with TeamClient("blue", base_url=httpserver.url_for("/")) as client:
        await client.contacts.list().first()
        assert client.shout == "blue!"
        view = client.with_options(headers={"x-team": "red"}).with_options(max_retries=0)
        await view.contacts.list().first()
        await view.aclose()
        await client.contacts.list().first()

    assert (type(view), view.team, view.shout) == (TeamClient, "blue", "blue!")
    assert [request.headers.get("x-team") for request, _ in httpserver.log] == [None, "red", None]


async def test_a_copy_can_have_another_from_number(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A copy can replace, keep or remove `from_number`; an invalid number raises an error."""
    httpserver.expect_request(re.compile("/v2/api/chats/.*")).respond_with_json({"message_id": "msg_1"}, status=202)
    mine = stub.with_options(from_number="+15550001111")
    for client in (stub, mine, mine.with_options(max_retries=0), mine.with_options(from_number=None)):
        await client.chat("+15551234567").send("Hello")

    sent = [request.get_json().get("from_number") for request, _ in httpserver.log]
    assert sent == [None, "+15550001111", "+15550001111", None]
    with pytest.raises(InvalidArgumentError, match=r"E\.164"):
        stub.with_options(from_number="555-1111")


async def test_timedelta_timeouts(httpserver: HTTPServer) -> None:
    """A client, a copy and a call accept a timedelta."""
    httpserver.expect_request("/me").respond_with_json({"organization_id": "org_1"})
    minute = datetime.timedelta(minutes=1)
    async with AsyncBlooio("stub-key", base_url=httpserver.url_for("/"), timeout=minute) as client:
        await client.with_options(timeout=minute).me(timeout=minute)
        for wrong in (datetime.timedelta(0), datetime.timedelta(seconds=-1), datetime.timedelta.max):
            with pytest.raises(InvalidArgumentError, match="timeout is out of range; expected a number of seconds > 0"):
                await client.me(timeout=wrong)
