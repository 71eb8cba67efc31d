"""Arguments of the outbox, used and mistyped."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import asyncio
import datetime
from functools import partial
from typing import Any

import pytest

from blooio_client import AsyncBlooio, Blooio, ClientStateError, InvalidArgumentError
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

TO = "+15550000001"


@pytest.mark.parametrize("change", ["pause", "resume", "pace"])
def test_a_number_that_is_not_a_phone_number(outbox: Outbox, change: str) -> None:
    """A mistyped number raises an error: otherwise the real one would go on sending."""
    options = {"per_minute": 4} if change == "pace" else {}
    with pytest.raises(InvalidArgumentError, match="number must be a phone number"):
        getattr(outbox, change)("(555) 010-0001", **options)


@pytest.mark.parametrize("age", [90, datetime.timedelta(days=-1)])
def test_an_age_that_is_not_a_duration(outbox: Outbox, client: Blooio, age: Any) -> None:
    """A number or a negative duration raises an error, and nothing is deleted or requested."""
    with pytest.raises(InvalidArgumentError, match="older_than must be a timedelta"):
        outbox.prune(age)
    with pytest.raises(InvalidArgumentError, match="younger_than must be a timedelta"):
        outbox.refresh(client, younger_than=age)


@pytest.mark.parametrize("seconds", ["60", -1, float("nan")])
def test_a_limit_that_is_not_a_number_of_seconds(outbox: Outbox, client: Blooio, seconds: Any) -> None:
    """`max_seconds` is checked before anything is sent."""
    outbox.add(TO, "Hi", key="a")
    with pytest.raises(InvalidArgumentError, match="max_seconds must be a number"):
        outbox.run(client, max_seconds=seconds)

    assert outbox.progress().counts == {"waiting": 1}


def test_a_run_without_a_thread(outbox: Outbox, client: Blooio) -> None:
    """`concurrency` must be at least 1."""
    with pytest.raises(InvalidArgumentError, match="concurrency must be"):
        outbox.run(client, concurrency=0)


def test_a_client_that_is_none(outbox: Outbox) -> None:
    """An object that is not a client raises an error before the message is claimed: nothing was attempted."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    nothing: Any = None
    for send in (partial(outbox.deliver, planned.id), outbox.run):
        with pytest.raises(InvalidArgumentError, match="client must be a Blooio, not NoneType"):
            send(nothing)
    for send_awaited in (partial(outbox.adeliver, planned.id), outbox.arun):
        with pytest.raises(InvalidArgumentError, match="client must be an AsyncBlooio, not NoneType"):
            asyncio.run(send_awaited(nothing))

    assert outbox.progress().counts == {"waiting": 1}


def test_a_closed_client_fails_no_message(outbox: Outbox, sandbox: Sandbox) -> None:
    """A client that was closed before the request raises its error, and the message waits for the next worker."""
    closed = Blooio(sandbox.api_key, base_url=sandbox.base_url)
    closed.close()
    outbox.add(TO, "Hi", key="a")
    with pytest.raises(ClientStateError, match="closed"):
        outbox.run(closed, until_empty=True)

    assert outbox.progress().counts == {"waiting": 1}


def test_a_closed_async_client_fails_no_message(outbox: Outbox, sandbox: Sandbox) -> None:
    """The same for the async client."""
    outbox.add(TO, "Hi", key="a")

    async def work() -> None:
        closed = AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url)
        await closed.aclose()
        await outbox.arun(closed, until_empty=True)

    with pytest.raises(ClientStateError, match="closed"):
        asyncio.run(work())

    assert outbox.progress().counts == {"waiting": 1}


def no_key() -> str:
    """Return what a file holds while its key is being replaced."""
    return ""


def test_a_function_without_an_api_key_fails_no_message(outbox: Outbox, sandbox: Sandbox) -> None:
    """If the client's function returns no API key, its error is raised, and the message waits for the next worker."""
    outbox.add(TO, "Hi", key="a")
    client = Blooio(no_key, base_url=sandbox.base_url)
    with client, pytest.raises(InvalidArgumentError, match="API key returned by the api_key function is empty"):
        outbox.run(client, until_empty=True)

    async def work() -> None:
        async with AsyncBlooio(no_key, base_url=sandbox.base_url) as client:
            await outbox.arun(client, until_empty=True)

    with pytest.raises(InvalidArgumentError, match="API key returned by the api_key function is empty"):
        asyncio.run(work())

    assert outbox.progress().counts == {"waiting": 1}


def test_a_client_of_the_other_kind(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """An async client in `run`, or a sync client in `arun`, raises an error, and nothing is sent."""
    outbox.add(TO, "Hi", key="a")
    asynchronous: Any = AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url)
    with pytest.raises(InvalidArgumentError, match="for an AsyncBlooio, call arun"):
        outbox.run(asynchronous, until_empty=True)
    synchronous: Any = client
    with pytest.raises(InvalidArgumentError, match="for a Blooio, call run"):
        asyncio.run(outbox.arun(synchronous, until_empty=True))

    assert sandbox.messages == []
    assert outbox.progress().counts == {"waiting": 1}


async def ask(_: object) -> bool:
    """A function that asks another service."""
    raise NotImplementedError


@pytest.mark.parametrize("may_send", [True, "yes", ask])
def test_may_send_is_a_sync_function(sqlite_url: str, may_send: Any) -> None:
    """Anything that cannot decide raises at once, not with each message."""
    with pytest.raises(InvalidArgumentError, match="may_send must be a sync function of a message"):
        Outbox(sqlite_url, may_send=may_send)


@pytest.mark.parametrize("pace", [0, -1, float("nan"), float("inf"), True, "10"])
def test_invalid_paces(sqlite_url: str, pace: Any) -> None:
    """A pace that is neither a number above zero nor None raises an error."""
    with pytest.raises(InvalidArgumentError, match="per_minute must be"):
        Outbox(sqlite_url, per_minute=pace)
