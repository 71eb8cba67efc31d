"""Reactions by message id, and by index from the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

CHAT = "/chats/%2B15551234567"


@pytest.fixture
def ids(api: httpx.Client, sandbox: Sandbox) -> list[str]:
    """The ids of a conversation: an outbound, an inbound and an outbound message."""
    phone = sandbox.phone("+15551234567")
    api.post(f"{CHAT}/messages", json={"text": "one"})
    phone.sends("two")
    api.post(f"{CHAT}/messages", json={"text": "three"})
    return [message.id for message in phone.messages]


@pytest.mark.parametrize(
    ("message", "direction", "expected"),
    [
        ("-1", None, 2),
        ("-2", None, 1),
        ("-1", "inbound", 1),
        ("-1", "outbound", 2),
        ("-2", "outbound", 0),
    ],
)
def test_an_index_counts_from_the_end(
    api: httpx.Client, ids: list[str], message: str, direction: str | None, expected: int
) -> None:
    """-1 is the last message, or the last one in a direction."""
    body = {"reaction": "+love"} if direction is None else {"reaction": "+love", "direction": direction}
    response = api.post(f"{CHAT}/messages/{message}/reactions", json=body)

    assert response.json() == {"success": True, "message_id": ids[expected], "reaction": "love", "action": "add"}


def test_a_reaction_is_added_and_removed_by_id(api: httpx.Client, ids: list[str]) -> None:
    """A message lists its reactions, including those removed."""
    path = f"{CHAT}/messages/{ids[0]}"
    added = api.post(f"{path}/reactions", json={"reaction": "+😂"}).json()
    shown = api.get(path).json()["reactions"]
    removed = api.post(f"{path}/reactions", json={"reaction": "-😂"}).json()

    assert (added["action"], removed["action"]) == ("add", "remove")
    assert [(each["reaction"], each["is_added"], each["sender"]) for each in shown] == [("😂", True, None)]
    assert [each["is_added"] for each in api.get(path).json()["reactions"]] == [False]


@pytest.mark.parametrize("message", ["-4", "msg_unknown", "-0", "1"])
def test_an_unknown_message_is_not_found(api: httpx.Client, ids: list[str], message: str) -> None:
    """An index before the first message, or an unknown id, is a 404."""
    assert ids
    assert api.post(f"{CHAT}/messages/{message}/reactions", json={"reaction": "+love"}).status_code == 404


def test_no_message_in_a_direction(api: httpx.Client) -> None:
    """Index -1 is a 404 in a chat without inbound messages."""
    api.post(f"{CHAT}/messages", json={"text": "one"})

    body = {"reaction": "+love", "direction": "inbound"}
    assert api.post(f"{CHAT}/messages/-1/reactions", json=body).status_code == 404


@pytest.mark.parametrize(
    "reaction", ["love", "", "+", "+adore", "+two words", "*love", "+1", "+100", "+#", "+→", "+❤️❤️"]
)
def test_an_invalid_reaction_is_rejected(api: httpx.Client, ids: list[str], reaction: str) -> None:
    """A reaction must start with + or -, followed by a tapback or an emoji."""
    response = api.post(f"{CHAT}/messages/{ids[0]}/reactions", json={"reaction": reaction})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert "at /reaction" in response.json()["message"]


@pytest.mark.parametrize("emoji", ["👍🏽", "❤", "1️⃣", "\u2139\ufe0f", "🏳️‍🌈", "🇦🇹"])
def test_any_emoji_is_a_reaction(api: httpx.Client, ids: list[str], emoji: str) -> None:
    """Skin tones, keycaps, joined emoji and flags are one emoji each."""
    response = api.post(f"{CHAT}/messages/{ids[0]}/reactions", json={"reaction": f"+{emoji}"})

    assert (response.status_code, response.json()["reaction"]) == (200, emoji)


def test_the_phone_reacts_too(api: httpx.Client, sandbox: Sandbox, ids: list[str]) -> None:
    """A phone's reaction has its sender."""
    sandbox.phone("+15551234567").reacts("like", message=-1)
    sandbox.phone("+15551234567").unreacts("like", message=ids[2])
    (reaction,) = api.get(f"{CHAT}/messages/{ids[2]}").json()["reactions"]

    assert (reaction["reaction"], reaction["is_added"], reaction["sender"]) == ("like", False, "+15551234567")


def test_a_newer_reaction_replaces_the_older_one(api: httpx.Client, sandbox: Sandbox, ids: list[str]) -> None:
    """As in iMessage, each person has one reaction per message, whether tapback or emoji."""
    phone = sandbox.phone("+15551234567")
    phone.reacts("love", message=ids[0])
    api.post(f"{CHAT}/messages/{ids[0]}/reactions", json={"reaction": "+love"})
    phone.reacts("😂", message=ids[0])
    before = phone.messages[0].reactions
    phone.reacts("like", message=ids[0])
    shown = api.get(f"{CHAT}/messages/{ids[0]}").json()["reactions"]

    assert before == ("love", "😂")
    assert [(each["reaction"], each["sender"]) for each in shown if each["is_added"]] == [
        ("love", None),
        ("like", "+15551234567"),
    ]


def test_a_replaced_reaction_can_be_chosen_again(sandbox: Sandbox, ids: list[str]) -> None:
    """A reaction that was replaced can be chosen again."""
    phone = sandbox.phone("+15551234567")
    for reaction in ("love", "like", "love", "love"):
        phone.reacts(reaction, message=ids[0])

    assert phone.messages[0].reactions == ("love",)
