"""Waiting for the delivery of a message."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio
from blooio_client.errors import (
    APIError,
    DeadlineExceededError,
    InvalidArgumentError,
    MessageFailedError,
    NotFoundError,
    UnexpectedResponseError,
)
from blooio_client.models import DeliveryStatus
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
PATH = "/v2/api/chats/+15551234567/messages/msg_1/status"


def passes_through(server: HTTPServer, *statuses: str | None) -> None:
    """Respond with one status of a message after another."""
    for status in statuses:
        response = {"message_id": "msg_1", "status": status, "error": "no such line"}
        server.expect_ordered_request(PATH, method="GET").respond_with_json(response)


@pytest.mark.parametrize(
    ("statuses", "until"),
    [
        (["queued"], "queued"),
        (["pending", "queued", "sent"], "sent"),
        (["queued", "sent", "delivered"], "delivered"),
        (["queued", "read"], "delivered"),
        (["delivered", "read"], DeliveryStatus.READ),
        (["cancellation_requested", "teleported", None, "delivered"], "delivered"),
    ],
)
async def test_a_wait_ends_on_the_status_or_a_later_one(
    stub: AsyncBlooio, httpserver: HTTPServer, statuses: list[str | None], until: str
) -> None:
    """Earlier and unknown statuses continue the wait; the last status is the result."""
    passes_through(httpserver, *statuses)

    status = await stub.chat(PHONE).messages.wait("msg_1", until=until, poll=0)

    assert status.status == statuses[-1]
    assert len(httpserver.log) == len(statuses)


async def test_a_wait_for_a_sent_message(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The result of a send can be passed to `wait`."""
    sent = await client.chat(PHONE).send("Hello")
    blooio_sandbox.advance(10)

    status = await client.chat(PHONE).messages.wait(sent)

    assert (status.message_id, status.status) == (sent.message_id, "delivered")


@pytest.mark.parametrize("end", ["failed", "cancelled"])
@pytest.mark.parametrize("until", ["queued", "read"])
async def test_a_message_that_fails_ends_the_wait(
    stub: AsyncBlooio, httpserver: HTTPServer, end: str, until: str
) -> None:
    """The error has the status, does not show the reason, and can be pickled."""
    passes_through(httpserver, "pending", end)

    with pytest.raises(MessageFailedError, match=f"is {end}") as caught:
        await stub.chat(PHONE).messages.wait("msg_1", until=until, poll=0)

    assert caught.value.message_status is not None
    assert (caught.value.message_status.error, caught.value.operation) == ("no such line", "getMessageStatus")
    assert "no such line" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).message_status == caught.value.message_status  # noqa: S301 - our own


async def test_a_wait_with_timeout_zero_checks_once(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """With a timeout of 0, the status is checked once, and the error says which one was reached."""
    passes_through(httpserver, "sent")

    with pytest.raises(DeadlineExceededError, match=r"not delivered within 0 seconds; it is sent"):
        await stub.chat(PHONE).messages.wait("msg_1", timeout=0)

    assert len(httpserver.log) == 1


async def test_an_unknown_status_is_hidden(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """An unknown status is not in the error's text, since it could contain anything."""
    passes_through(httpserver, "private words")

    with pytest.raises(DeadlineExceededError) as caught:
        await stub.chat(PHONE).messages.wait("msg_1", timeout=0)

    assert "private" not in str(caught.value)


async def test_a_wait_takes_timedeltas(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """`timeout` and `poll` accept a timedelta."""
    passes_through(httpserver, "queued", "sent", "sent")
    messages, none = stub.chat(PHONE).messages, timedelta(0)

    assert (await messages.wait("msg_1", until="sent", timeout=timedelta(minutes=1), poll=none)).status == "sent"
    with pytest.raises(DeadlineExceededError, match="within 0 seconds"):
        await messages.wait("msg_1", timeout=none)


async def test_a_wait_without_timeout(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """timeout=None waits without a limit."""
    passes_through(httpserver, *["sent"] * 20, "delivered")

    status = await stub.chat(PHONE).messages.wait("msg_1", timeout=None, poll=0)

    assert status.status == "delivered"


async def test_an_unknown_message_ends_the_wait(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """If a message is not found four times in a row, the wait raises an error."""
    await client.chat(PHONE).send("Hello")

    with pytest.raises(NotFoundError):
        await client.chat(PHONE).messages.wait("msg_1", poll=0)

    assert len(blooio_sandbox.requests) == 1 + 4


def responds(server: HTTPServer, *replies: int | str) -> None:
    """Respond to successive requests with an error status, or with the status of the message."""
    for reply in replies:
        status, body = (reply, {"error": "x"}) if isinstance(reply, int) else (200, {"status": reply})
        server.expect_ordered_request(PATH).respond_with_json({"message_id": "msg_1", **body}, status=status)


@pytest.mark.parametrize(
    "replies", [(404, "delivered"), (404, 404, 404, "delivered"), (500, "queued", 500, "delivered"), (404, 502, "read")]
)
async def test_a_wait_survives_a_late_message_and_a_failed_request(
    stub: AsyncBlooio, httpserver: HTTPServer, replies: tuple[int | str, ...]
) -> None:
    """A 404 right after the send, or a single failed request, does not end the wait."""
    responds(httpserver, *replies)

    status = await stub.with_options(max_retries=0).chat(PHONE).messages.wait("msg_1", poll=0)

    assert status.status == replies[-1]


@pytest.mark.parametrize("replies", [(500, 500), (401,), ("queued", 404), (404, 404, 404, 404)])
async def test_a_wait_ends_if_requests_keep_failing(
    stub: AsyncBlooio, httpserver: HTTPServer, replies: tuple[int | str, ...]
) -> None:
    """Two failed requests in a row, an invalid key, or a missing message ends the wait with the last error."""
    responds(httpserver, *replies)

    with pytest.raises(APIError) as caught:
        await stub.with_options(max_retries=0).chat(PHONE).messages.wait("msg_1", poll=0)

    assert caught.value.status == replies[-1]


async def test_a_wait_survives_one_page_of_a_gateway(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A single response that is not Blooio's does not end the wait; a second one in a row does."""
    httpserver.expect_ordered_request(PATH).respond_with_data("<html>", content_type="text/html")
    responds(httpserver, "delivered")
    assert (await stub.chat(PHONE).messages.wait("msg_1", poll=0)).status == "delivered"

    for _ in range(2):
        httpserver.expect_ordered_request(PATH).respond_with_data("<html>", content_type="text/html")
    with pytest.raises(UnexpectedResponseError):
        await stub.chat(PHONE).messages.wait("msg_1", poll=0)


async def test_a_404_ends_a_wait_with_timeout_zero(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """With a timeout of 0, a 404 raises an error after one request."""
    responds(httpserver, 404)

    with pytest.raises(NotFoundError):
        await stub.chat(PHONE).messages.wait("msg_1", timeout=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "received"},
        {"until": "failed"},
        {"until": 2},
        {"poll": -1},
        {"poll": None},
        {"poll": float("nan")},
        {"timeout": -1},
        {"timeout": True},
        {"timeout": "60"},
        {"timeout": timedelta(seconds=-1)},
        {"timeout": float("inf")},
    ],
)
async def test_invalid_arguments_of_wait_raise(
    stub: AsyncBlooio, httpserver: HTTPServer, wrong: dict[str, Any]
) -> None:
    """Invalid statuses and timeouts raise an error before anything is sent."""
    with pytest.raises(InvalidArgumentError, match=r"expected (one of|a number)"):
        await stub.chat(PHONE).messages.wait("msg_1", **wrong)

    assert httpserver.log == []
