"""Polls."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import AsyncBlooio, webhooks
from blooio_client.errors import InvalidArgumentError, NotFoundError, ServerError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
PATH = "/chats/%2B15551234567/polls"


async def test_a_poll_is_sent_and_its_votes_are_read(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The options are sent in order, and the votes are counted by option."""
    polls = client.chat(PHONE).polls

    poll = await polls.send(["Pizza", "Sushi"], title="Lunch?")
    blooio_sandbox.phone(PHONE).votes("Sushi")
    results = await polls.results(poll)
    event = webhooks.parse(f'{{"event": "poll.voted", "poll_id": "{poll.poll_id}"}}')
    assert isinstance(event, webhooks.PollVoted)

    assert await polls.results(event) == results
    assert [(option.text, option.votes) for option in results.options] == [("Pizza", 0), ("Sushi", 1)]
    assert (results.title, results.total_votes) == ("Lunch?", 1)
    assert received(blooio_sandbox) == [
        ("POST", PATH, {"options": ["Pizza", "Sushi"], "title": "Lunch?"}),
        *[("GET", f"{PATH}/{poll.poll_id}", None)] * 2,
    ]


async def test_a_poll_needs_no_title(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Without a title, none is sent; any iterable of options is accepted."""
    options = [str(number) for number in range(10)]

    await client.chat(PHONE).polls.send(iter(options))

    assert received(blooio_sandbox) == [("POST", PATH, {"options": options})]


@pytest.mark.parametrize(
    "options", [[], ["one"], ["x"] * 11, ["one", ""], ["one", "  "], ["one", 2], "yes", None, {"a": 1, "b": 2}]
)
async def test_invalid_options_raise(client: AsyncBlooio, blooio_sandbox: Sandbox, options: Any) -> None:
    """A poll has 2 to 10 options, each of them a string."""
    with pytest.raises(InvalidArgumentError, match="2 to 10 texts"):
        await client.chat(PHONE).polls.send(options)

    assert blooio_sandbox.requests == []


async def test_an_invalid_title_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A title is a string."""
    wrong: Any = 7

    with pytest.raises(InvalidArgumentError, match="title is int"):
        await client.chat(PHONE).polls.send(["one", "two"], title=wrong)

    assert blooio_sandbox.requests == []


async def test_a_poll_of_unknown_outcome_is_not_repeated(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A poll is not retried, since a retry could send a second one."""
    httpserver.expect_request("/v2/api/chats/+15551234567/polls").respond_with_data("", status=500)

    with pytest.raises(ServerError) as caught:
        await stub.chat(PHONE).polls.send(["one", "two"])

    assert (caught.value.attempts, caught.value.sent) == (1, None)


async def test_an_unknown_poll_is_not_found(client: AsyncBlooio) -> None:
    """Reading the results of an unknown poll raises an error."""
    with pytest.raises(NotFoundError):
        await client.chat(PHONE).polls.results("poll_1")


@pytest.mark.parametrize("poll", ["", " ", None, 7])
async def test_an_invalid_poll_id_raises(client: AsyncBlooio, blooio_sandbox: Sandbox, poll: Any) -> None:
    """A poll id must not be blank."""
    with pytest.raises(InvalidArgumentError, match="poll is"):
        await client.chat(PHONE).polls.results(poll)

    assert blooio_sandbox.requests == []
