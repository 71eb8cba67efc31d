"""Sending: one call, one message."""

from __future__ import annotations

import json
import time

import pytest
from pytest_httpserver import HTTPServer
from wire import Exchange, Wire, in_turn, json_response

from blooio_client import AsyncBlooio
from blooio_client.errors import (
    BlooioError,
    ConflictError,
    InvalidArgumentError,
    NoActiveNumberError,
    QuotaExceededError,
    ServerError,
    UnexpectedResponseError,
)
from blooio_overrides._call import failures
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
PATH = "/v2/api/chats/%2B15551234567/messages"
BUSY = {"retry-after": "0"}


def response(server: HTTPServer, status: int, body: object, headers: dict[str, str] | None = None) -> None:
    """Respond to the next send with a status."""
    data = body if isinstance(body, str) else json.dumps(body)
    server.expect_ordered_request(PATH.replace("%2B", "+"), method="POST").respond_with_data(
        data, status=status, headers=headers, content_type="application/json"
    )


async def test_a_text_is_sent_once(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A send is one request with one key, and its result has the message id."""
    sent = await client.chat(PHONE).send("Hello")

    (message,) = blooio_sandbox.messages
    assert message.text == "Hello"
    assert [message.id] == sent.message_ids
    assert sent.duplicate is False
    blooio_sandbox.assert_no_duplicates()


async def test_two_failures_then_success_is_one_message(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Two 503s and a 202 are three requests with one key, and one message."""
    blooio_sandbox.fail_next(503, times=2, retry_after=0)

    sent = await client.chat(PHONE).send("Hello")

    assert {request.idempotency_key for request in blooio_sandbox.requests} == {sent.idempotency_key}
    assert len(blooio_sandbox.requests) == 3
    assert len(blooio_sandbox.messages) == 1


async def test_the_same_key_is_the_same_message(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A second call with the same key sends no new message, and its result is marked as a duplicate."""
    first = await client.chat(PHONE).send("Hello", idempotency_key="order-42")
    second = await client.chat(PHONE).send("Hello", idempotency_key="order-42")

    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.message_ids == second.message_ids
    assert len(blooio_sandbox.messages) == 1


async def test_a_conflict_after_an_unknown_outcome_is_not_a_new_message(
    stub: AsyncBlooio, httpserver: HTTPServer
) -> None:
    """A 409 to a retry is retried with the same key; the final error says that the message was probably accepted."""
    response(httpserver, 500, {}, BUSY)
    response(httpserver, 409, {"error": "ApiError", "status": 409}, BUSY)
    response(httpserver, 409, {"error": "ApiError", "status": 409}, BUSY)

    with pytest.raises(ConflictError, match="was probably accepted") as caught:
        await stub.chat(PHONE).send("Hello", idempotency_key="order-42")

    assert caught.value.sent is None
    assert (caught.value.attempts, caught.value.idempotency_key) == (3, "order-42")


async def test_a_conflict_at_once_is_final(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A 409 to the first attempt is not retried, since something else used the key."""
    response(httpserver, 409, {"error": "ApiError", "status": 409})

    with pytest.raises(ConflictError) as caught:
        await stub.chat(PHONE).send("Hello")

    assert (caught.value.attempts, caught.value.sent) == (1, None)


@pytest.mark.parametrize(
    ("first", "own_key", "expected"),
    [(None, None, True), (500, None, False), (500, "order-42", None), (429, "order-42", True)],
)
async def test_duplicate_is_only_set_if_known(
    stub: AsyncBlooio, httpserver: HTTPServer, first: int | None, own_key: str | None, expected: bool | None
) -> None:
    """After an unknown outcome, `duplicate` is False for a generated key, and None for the caller's key."""
    if first is not None:
        response(httpserver, first, {}, BUSY)
    response(httpserver, 200, {"message_id": "msg_1"})

    sent = await stub.chat(PHONE).send("Hello", idempotency_key=own_key)

    assert sent.duplicate is expected


async def test_an_exceeded_quota_is_not_retried(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A 429 with an error code is not retried."""
    response(
        httpserver, 429, {"error": "ApiError", "code": "outbound_limit_reached", "limit": 20, "message": "no"}, BUSY
    )

    with pytest.raises(QuotaExceededError) as caught:
        await stub.chat(PHONE).send("Hello")

    assert (caught.value.attempts, caught.value.sent) == (1, False)
    assert (caught.value.code, caught.value.details, caught.value.message) == (
        "outbound_limit_reached",
        {"limit": 20},
        "no",
    )


async def test_the_error_after_all_attempts(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """If every attempt fails, the service's last error is raised, with the idempotency key."""
    for _ in range(3):
        response(httpserver, 503, {"error": "ApiError", "status": 503}, BUSY)

    with pytest.raises(NoActiveNumberError, match="same key") as caught:
        await stub.chat(PHONE).send("Hello")

    assert caught.value.idempotency_key is not None
    assert (caught.value.attempts, caught.value.sent) == (3, None)


@pytest.mark.parametrize(("hours", "attempts"), [(19, 2), (21, 1)])
async def test_a_key_that_may_be_forgotten_is_not_sent_again(
    hours: int, attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the machine sleeps for a day while a send waits for its response, the send is not retried."""

    def sleep_and_hang_up(_: Exchange) -> None:
        monkeypatch.setattr(failures, "wall_clock", lambda: time.time() + hours * 3600)

    accept = in_turn(sleep_and_hang_up, lambda exchange: exchange.write(json_response(b"{}", b"400 Bad Request")))
    with Wire(accept) as server:
        async with AsyncBlooio("key", base_url=server.url) as client:
            with pytest.raises(BlooioError) as caught:
                await client.chat(PHONE).send("Hello")

    assert (caught.value.attempts, caught.value.sent, len(server.requests)) == (attempts, None, attempts)
    assert ("Check before you retry" in str(caught.value)) is (hours > 20)


async def test_a_retry_after_beyond_the_deadline_raises_at_once(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """The call does not wait for a retry that its timeout leaves no time for."""
    response(httpserver, 503, "<html>", {"retry-after": "3600"})

    with pytest.raises(ServerError) as caught:
        await stub.chat(PHONE).send("Hello")

    assert (caught.value.attempts, caught.value.retry_after) == (1, 3600.0)


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        *((body, True) for body in ("[]", "null", "", "{}", '{"message_ids": []}')),
        *((body, None) for body in ("<html>", '{"message_id":')),
    ],
)
async def test_an_accepted_send_without_a_message_is_an_error(
    stub: AsyncBlooio, httpserver: HTTPServer, body: str, *, sent: bool | None
) -> None:
    """A 2xx without a message id raises an error with the raw response and the key, and is not retried."""
    response(httpserver, 202, body)

    with pytest.raises(UnexpectedResponseError) as caught:
        await stub.chat(PHONE).send("Hello", idempotency_key="order-42")

    assert (caught.value.sent, caught.value.attempts) == (sent, 1)
    assert (caught.value.body.decode(), caught.value.idempotency_key) == (body, "order-42")


async def test_an_empty_message_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Without text, attachments or parts, nothing is sent."""
    with pytest.raises(InvalidArgumentError, match="the message is empty"):
        await client.chat(PHONE).send()

    assert blooio_sandbox.requests == []
