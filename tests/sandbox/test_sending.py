"""Sending messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

CHAT = "/chats/%2B15551234567/messages"
SEVERAL = "/chats/%2B15551234567%2C%2B15559876543/messages"


def test_a_message_is_accepted_and_queued(api: httpx.Client, sandbox: Sandbox) -> None:
    """A first send gets 202 and is listed."""
    response = api.post(CHAT, json={"text": "Hello"})

    (message,) = sandbox.messages
    assert response.status_code == 202
    assert response.json() == {"message_id": message.id, "status": "queued"}
    assert (message.text, message.chat_id, message.sender) == ("Hello", "+15551234567", sandbox.number)


def test_a_reused_key_returns_the_same_ids(api: httpx.Client, sandbox: Sandbox) -> None:
    """A repeated key gets 200 with the original ids, and nothing is sent again."""
    first, second = (api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json() == second.json()
    assert len(sandbox.messages) == 1


@pytest.mark.parametrize(("path", "text"), [(CHAT, "Bye"), ("/chats/%2B15550000009/messages", "Hello")])
def test_a_reused_key_with_another_body_is_a_conflict(api: httpx.Client, path: str, text: str) -> None:
    """A key reused with another body or chat gets 409."""
    api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"})

    response = api.post(path, json={"text": text}, headers={"Idempotency-Key": "order-1"})

    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_reused")


def test_a_key_expires_after_a_day(api: httpx.Client, sandbox: Sandbox) -> None:
    """After 24 hours, a key can be used again."""
    api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"})
    sandbox.advance(seconds=24 * 60 * 60 + 1)

    assert api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"}).status_code == 202


def test_a_list_of_texts_becomes_several_messages(api: httpx.Client, sandbox: Sandbox) -> None:
    """Each text of a list is a separate message, in order, and attachments go with the first."""
    response = api.post(CHAT, json={"text": ["one", "two"], "attachments": ["https://example.com/a.jpg"]})

    assert response.json()["message_ids"] == [message.id for message in sandbox.messages]
    assert [message.text for message in sandbox.messages] == ["one", "two"]
    assert [len(message.attachments) for message in sandbox.messages] == [1, 0]


def test_several_recipients_make_a_group_once(api: httpx.Client, sandbox: Sandbox) -> None:
    """The first message to several people creates an unnamed group, and the next one reuses it, in any order."""
    first = api.post(SEVERAL, json={"text": "Hello"}).json()
    second = api.post("/chats/%2B15559876543%2C%2B15551234567/messages", json={"text": "Again"}).json()

    assert first["group_created"] is True
    assert second["group_created"] is False
    assert first["group_id"] == second["group_id"]
    assert first["participants"] == ["+15551234567", "+15559876543"]
    assert {message.chat_id for message in sandbox.messages} == {first["group_id"]}


def test_the_first_message_of_a_chat_needs_a_text(api: httpx.Client) -> None:
    """Attachments alone are rejected in an empty chat and accepted afterwards."""
    attachment = {"attachments": [{"url": "https://example.com/a.jpg", "name": "a.jpg"}]}
    refused = api.post(CHAT, json=attachment)
    api.post(CHAT, json={"text": "Hello"})

    assert (refused.status_code, refused.json()["code"]) == (400, "attachment_first_message_not_allowed")
    assert api.post(CHAT, json=attachment).status_code == 202


def test_parts_become_one_message(api: httpx.Client, sandbox: Sandbox) -> None:
    """Parts are one message with their texts and attachments."""
    parts = [{"text": "Look, "}, {"text": "@Ann", "mention": "ann@example.com"}, {"url": "https://example.com/a.jpg"}]
    response = api.post(CHAT, json={"parts": parts})

    (message,) = sandbox.messages
    assert response.json()["message_id"] == message.id
    assert (message.text, message.attachments) == ("Look, @Ann", ("https://example.com/a.jpg",))


def test_parts_with_link_previews_become_several_messages(api: httpx.Client) -> None:
    """With link previews, each part is a separate message, and the response counts them."""
    parts = [{"text": "https://example.com/1", "link_preview": {"title": "One"}}, {"text": "https://example.com/2"}]
    response = api.post(CHAT, json={"parts": parts}).json()

    assert (response["count"], len(response["message_ids"])) == (2, 2)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": []}, "/text"),
        ({"text": ["a", ""]}, "/text"),
        ({"parts": []}, "/parts"),
        ({"parts": [{"text": "a", "url": "https://example.com/a.jpg"}]}, "/parts/0"),
        ({"parts": [{"text": "a", "name": "a.jpg"}]}, "/parts/0/name"),
        ({"parts": [{"url": "file.jpg"}]}, "/parts/0/url"),
        ({"parts": [{"text": "https://example.com", "link_preview": {"title": "x"}}, {"text": "b"}]}, "/parts/1"),
        ({"text": "a", "parts": [{"text": "a"}]}, "/parts"),
        ({"text": "a", "attachments": ["a.jpg"]}, "/attachments/0"),
        ({"text": "no link", "link_preview": {"title": "x"}}, "/link_preview"),
    ],
)
def test_an_empty_message_is_rejected(api: httpx.Client, body: dict[str, Any], pointer: str) -> None:
    """A body that matches the schema but cannot be sent gets 400 with a pointer."""
    response = api.post(CHAT, json=body)

    assert response.status_code == 400
    assert f"at {pointer}:" in response.json()["message"]


def test_a_conversation_keeps_its_number(api: httpx.Client, sandbox: Sandbox) -> None:
    """A chat keeps its own number, and the number of another account is rejected."""
    api.post(CHAT, json={"text": "Hello", "from_number": sandbox.numbers[1]})
    api.post(CHAT, json={"text": "Again"})

    assert [message.sender for message in sandbox.messages] == [sandbox.numbers[1]] * 2
    assert api.post(CHAT, json={"text": "x", "from_number": "+15559999999"}).status_code == 403


@pytest.mark.parametrize(("chat", "status"), [("grp_unknown", 404), ("5551234567", 400), ("%252B15551234567", 400)])
def test_an_invalid_chat_is_rejected(api: httpx.Client, chat: str, status: int) -> None:
    """An unknown group is a 404, and an invalid id is a 400."""
    assert api.post(f"/chats/{chat}/messages", json={"text": "x"}).status_code == status


def test_a_group_is_a_chat_once_it_has_members(api: httpx.Client) -> None:
    """A group is a chat like any other, unless it has no members."""
    group = api.post("/groups", json={"name": "Team", "members": ["+15551234567"]}).json()["group_id"]
    empty = api.post("/groups", json={"name": "Empty"}).json()["group_id"]

    assert api.post(f"/chats/{group}/messages", json={"text": "x"}).status_code == 202
    assert api.post(f"/chats/{empty}/messages", json={"text": "x"}).status_code == 400


def test_emails_are_lowercased(api: httpx.Client, sandbox: Sandbox) -> None:
    """Email addresses are lowercased."""
    api.post("/chats/Ann%40Example.com/messages", json={"text": "x"})

    assert sandbox.messages[0].chat_id == "ann@example.com"


def test_a_queued_message_is_cancelled(api: httpx.Client, sandbox: Sandbox) -> None:
    """A cancelled message is never sent, and sent or received messages cannot be cancelled."""
    first, second = (api.post(CHAT, json={"text": text}).json()["message_id"] for text in ("one", "two"))
    cancelled = api.delete(f"{CHAT}/{first}")
    again = api.delete(f"{CHAT}/{first}")
    sandbox.advance(seconds=2)
    sent = api.delete(f"{CHAT}/{second}")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert (again.status_code, sent.status_code, sent.json()["code"]) == (409, 409, "message_not_cancellable")
    assert [message.status for message in sandbox.messages] == ["cancelled", "delivered"]
    assert api.delete(f"{CHAT}/msg_unknown").status_code == 404


def test_effects_and_replies_are_kept(api: httpx.Client, sandbox: Sandbox) -> None:
    """The effect and the reply of a message are visible to tests."""
    first = api.post(CHAT, json={"text": "Hello", "effect": "confetti"}).json()["message_id"]
    api.post(CHAT, json={"text": "Again", "reply_to": {"message_id": first}})
    api.post(CHAT, json={"text": "Once more", "reply_to": {"guid": "a-guid"}})

    assert [message.effect for message in sandbox.messages] == ["confetti", None, None]
    assert [message.reply_to for message in sandbox.messages] == [None, first, "a-guid"]
    replies = [message.get("reply_to") for message in api.get(CHAT, params={"sort": "asc"}).json()["messages"]]
    assert replies == [
        None,
        {"message_id": first, "guid": first, "part_index": 0},
        {"message_id": None, "guid": "a-guid", "part_index": 0},
    ]


def test_a_reply_to_an_unknown_guid(api: httpx.Client) -> None:
    """A reply to an unknown GUID is sent, and the response says that its parent is unknown."""
    first = api.post(CHAT, json={"text": "Hello"}).json()["message_id"]

    known, unknown = (api.post(CHAT, json={"text": "a", "reply_to": {"guid": guid}}) for guid in (first, "a-guid"))

    assert (known.status_code, "parent_unresolved" in known.json()) == (202, False)
    assert (unknown.status_code, unknown.json()["parent_unresolved"]) == (202, True)


def test_an_invalid_reply_is_rejected(api: httpx.Client, sandbox: Sandbox) -> None:
    """An SMS, and a message that is unknown, too old, or of another chat or number, cannot be replied to."""
    other = api.post("/chats/ann%40example.com/messages", json={"text": "Hello"}).json()["message_id"]
    first = api.post(CHAT, json={"text": "Hello"}).json()["message_id"]

    def code(message_id: str, **more: str) -> tuple[int, str]:
        response = api.post(CHAT, json={"text": "a", "reply_to": {"message_id": message_id}, **more})
        return response.status_code, response.json()["code"]

    sandbox.phone("+15551234567").uses("sms")
    text = sandbox.phone("+15551234567").sends("Over SMS").id
    another = next(number for number in sandbox.numbers if number != sandbox.messages[-1].sender)
    assert code("msg_unknown") == (404, "reply_target_not_found")
    assert code(other) == (400, "reply_target_chat_mismatch")
    assert code(text) == (400, "reply_target_invalid")
    assert code(first, from_number=another) == (400, "reply_target_device_mismatch")
    sandbox.advance(seconds=31 * 24 * 60 * 60)
    assert code(first) == (400, "reply_target_expired")


@pytest.mark.parametrize(
    ("source", "text", "formatted"),
    [
        ("plain", "plain", None),
        ("__bold__ and _italic_", "bold and italic", "**bold** and *italic*"),
        ("**bold and _italic_** ++u++", "bold and italic u", "**bold and *italic*** ++u++"),
        ("**bold *both***", "bold both", "**bold *both***"),
        ("~~a *b* c~~ d", "a b c d", "~~a *b* c~~ d"),
        (r"\*no\* snake_case 2 * 3 * 4", "*no* snake_case 2 * 3 * 4", None),
        (r"*a\*b* 1++ ~~", "a*b 1++ ~~", r"*a\*b* 1\+\+ \~\~"),
        ("**open *a*", "**open a", r"\*\*open *a*"),
        ("****", "****", None),
    ],
)
def test_markdown(api: httpx.Client, source: str, text: str, formatted: str | None) -> None:
    """The recipient sees plain text; styles are returned in Blooio's notation, and only if there are any."""
    api.post(CHAT, json={"text": source, "format": "markdown"})

    (message,) = api.get(CHAT).json()["messages"]
    assert (message["text"], message.get("formatted_text")) == (text, formatted)
    assert ("formatted_text" in message) == (formatted is not None)


def test_markdown_over_sms_is_plain(api: httpx.Client, sandbox: Sandbox) -> None:
    """A message that falls back to SMS has no styles, and plain text keeps its delimiters."""
    sandbox.phone("+15551234567").uses("sms")
    api.post(CHAT, json={"text": "**Hello**", "format": "markdown"})
    api.post(CHAT, json={"text": "**Hello**", "format": "plain"})

    messages = api.get(CHAT, params={"sort": "asc"}).json()["messages"]
    assert [(each["text"], each.get("formatted_text")) for each in messages] == [("Hello", None), ("**Hello**", None)]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"parts": [{"text": "a"}], "effect": "confetti"}, "/effect"),
        ({"text": "a", "reply_to": {}}, "/reply_to"),
        ({"text": ["a", "b"], "reply_to": {"guid": "x"}}, "/reply_to"),
        ({"text": "a", "attachments": ["https://example.com/a.png"], "format": "markdown"}, "/format"),
        ({"parts": [{"url": "https://example.com/a.png"}], "format": "markdown"}, "/format"),
        ({"text": "a" * 20_001, "format": "markdown"}, "/text"),
        ({"text": "*a* " * 257, "format": "markdown"}, "/text"),
    ],
)
def test_effects_and_replies_have_limits(api: httpx.Client, body: dict[str, Any], pointer: str) -> None:
    """Invalid combinations and Markdown beyond its limits are rejected."""
    response = api.post(CHAT, json=body)

    assert (response.status_code, f"at {pointer}:" in response.json()["message"]) == (400, True)
