"""The cache of messages."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from blooio_sandbox.state.caches import View, Views

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from blooio_sandbox import Sandbox

PHONE = "+15551234567"
CHAT = "/chats/%2B15551234567/messages"


@pytest.fixture
def listed(api: httpx.Client, sandbox: Sandbox) -> str:
    """The id of a sent message, already listed together with another one."""
    sandbox.phone(PHONE).sends("Hello?")
    message_id: str = api.post(CHAT, json={"text": "Hello"}).json()["message_id"]
    assert len(_list(api)) == 2
    return message_id


def _list(api: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(CHAT).json()["messages"]
    return found


def _one_by_one(api: httpx.Client, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [api.get(f"{CHAT}/{message['message_id']}").json() for message in messages]
    return [{name: value for name, value in each.items() if name not in ("chat_id", "contact")} for each in found]


CHANGES: dict[str, Callable[[httpx.Client, Sandbox, str], object]] = {
    "a reaction": lambda api, _sandbox, it: api.post(f"{CHAT}/{it}/reactions", json={"reaction": "+love"}),
    "a removed reaction": lambda api, _sandbox, it: [
        (_list(api), api.post(f"{CHAT}/{it}/reactions", json={"reaction": f"{sign}love"})) for sign in "+-"
    ],
    "a replaced reaction": lambda api, sandbox, _it: [
        (_list(api), sandbox.phone(PHONE).reacts(reaction)) for reaction in ("love", "like")
    ],
    "cancelled": lambda api, _sandbox, it: api.delete(f"{CHAT}/{it}"),
    "read": lambda _api, sandbox, _it: sandbox.phone(PHONE).reads(),
    "sent": lambda _api, sandbox, _it: sandbox.advance(seconds=1),
    "delivered": lambda _api, sandbox, _it: sandbox.advance(seconds=2),
    "nothing": lambda _api, _sandbox, _it: None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_listed_messages_are_current(api: httpx.Client, sandbox: Sandbox, listed: str, change: str) -> None:
    """After any change, a listed message equals the message read by itself."""
    before = _list(api)
    CHANGES[change](api, sandbox, listed)
    after = _list(api)

    assert [{**each, "external_id": PHONE} for each in _one_by_one(api, after)] == after
    assert (before == after) is (change == "nothing")


@pytest.mark.usefixtures("listed")
def test_a_status_advances(api: httpx.Client, sandbox: Sandbox) -> None:
    """A listed message has its current status."""
    statuses: list[str] = []
    for _ in range(3):
        statuses += [_list(api)[0]["status"] for _ in range(2)]
        sandbox.advance(seconds=1)

    assert statuses == ["queued", "queued", "sent", "sent", "delivered", "delivered"]


@pytest.mark.usefixtures("listed")
def test_the_total_is_current(api: httpx.Client, sandbox: Sandbox) -> None:
    """New messages change the total of their chat, and of no other."""
    api.post(CHAT, json={"text": "Hello"})
    assert api.get(CHAT).json()["pagination"]["total"] == 3
    sandbox.phone(PHONE).sends("Hi")
    sandbox.phone("+15557654321").sends("Hi")

    assert api.get(CHAT).json()["pagination"]["total"] == 4


def test_listed_messages_are_restored(api: httpx.Client, sandbox: Sandbox, listed: str) -> None:
    """A restored snapshot restores listed messages."""
    snapshot, before = sandbox.snapshot(), _list(api)
    api.post(f"{CHAT}/{listed}/reactions", json={"reaction": "+love"})
    sandbox.advance(seconds=5)
    changed = _list(api)
    sandbox.restore(snapshot)

    assert _list(api) == before
    assert changed != before


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache keeps a limited number of messages."""
    monkeypatch.setattr("blooio_sandbox.state.caches._MAX_VIEWS", 2)
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE messages (message_id, chat_id); CREATE TABLE reactions (message_id)")
    views, view = Views(connection), View("{}", since=1, until=5)
    for message_id in "abc":
        views.keep(message_id, view)

    assert [views.find(message_id, 1) for message_id in "abc"] == [None, None, view]
    assert [views.find("c", now) for now in (0, 4, 5)] == [None, view, None]
    connection.close()
