"""Message counts and activity in getMe and listNumbers."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from blooio_sandbox.state.caches import Activity
from blooio_sandbox.state.clock import Clock
from blooio_sandbox.state.database import Account, State
from blooio_sandbox.state.messages import add_message

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

PERSON = "+15551234567"
CHAT = "/chats/%2B15551234567/messages"


def _usage(api: httpx.Client) -> dict[str, Any]:
    usage: dict[str, Any] = api.get("/me").json()["usage"]
    return usage


def _last_active(api: httpx.Client) -> list[int | None]:
    return [device["last_active"] for device in api.get("/me").json()["devices"]]


def test_messages_are_counted(api: httpx.Client, sandbox: Sandbox) -> None:
    """Counts are right before and after their first use, in both directions, for each number."""
    nothing = {"inbound_messages": 0, "outbound_messages": 0, "last_message_sent": None}
    assert (_usage(api), _last_active(api)) == (nothing, [None, None])
    api.post(CHAT, json={"text": "Hello"})
    sent = sandbox.now
    assert _usage(api) == {"inbound_messages": 0, "outbound_messages": 1, "last_message_sent": sent}
    sandbox.advance(seconds=5)
    sandbox.phone(PERSON).sends("Hi")
    sandbox.phone(PERSON).sends("How are you?")

    assert _usage(api) == {"inbound_messages": 2, "outbound_messages": 1, "last_message_sent": sent}
    assert _last_active(api) == [sandbox.now, None]
    api.post("/chats/ann%40example.com/messages", json={"text": "Hello", "from_number": sandbox.numbers[1]})
    assert _last_active(api) == [sandbox.now, sandbox.now]


def test_removed_messages_are_not_counted(api: httpx.Client, sandbox: Sandbox) -> None:
    """A restored snapshot and a reset update the counts."""
    api.post(CHAT, json={"text": "Hello"})
    snapshot, before = sandbox.snapshot(), _usage(api)
    api.post(CHAT, json={"text": "Bye"})
    assert _usage(api)["outbound_messages"] == 2
    sandbox.restore(snapshot)
    assert _usage(api) == before
    sandbox.reset()

    assert _usage(api)["outbound_messages"] == 0


def test_a_rolled_back_change_is_not_counted() -> None:
    """Messages of a rolled-back transaction are not counted."""
    state = State(None, Clock("stepped"), Account(), 1.0)
    assert state.activity.total("outbound") == 0
    with pytest.raises(ValueError, match="too late"):
        _add_and_fail(state)

    assert (state.activity.total("outbound"), state.activity.last(number="+15550100001")) == (0, None)
    state.close()


def _add_and_fail(state: State) -> None:
    values = {"chat_id": PERSON, "own_number": "+15550100001", "attachments": "[]", "protocol": "sms"}
    with state.transaction():
        add_message(state, direction="outbound", **values)
        assert state.activity.total("outbound") == 1
        raise ValueError("too late")


def test_messages_are_read_once() -> None:
    """After the first count, responses run no statement, however many messages there are."""
    statements: list[str] = []
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE messages (direction, own_number, accepted_at)")
    activity = Activity(connection)
    connection.set_trace_callback(statements.append)
    add = "INSERT INTO messages VALUES ('outbound', '+15550100001', ?)"
    connection.execute(add, (5,))
    first = activity.total("outbound"), activity.last(number="+15550100001")
    connection.execute(add, (7,))
    second = activity.total("outbound"), activity.last(direction="outbound")

    assert (first, second) == ((1, 5), (2, 7))
    assert len([statement for statement in statements if "GROUP BY" in statement]) == 1
    connection.close()
