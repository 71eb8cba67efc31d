# Derived from ../_async/test_conversation.py by `make derive`. Do not edit.
"""A conversation: its messages, reactions, typing indicator and read state."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import Blooio, ChatId, Message, Pager, ReplyTarget, SentMessage, Tapback
from blooio_client.errors import ConflictError, InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


def test_recipients(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A chat is a phone number, an email address, several people or an object with an id; each is one path segment."""
    for recipient in (PHONE, "ann@example.com", [PHONE, "ann@example.com"], ChatId.phone(PHONE)):
        client.chat(recipient).send("Hello")

    assert [request.raw_path.split("/")[-2] for request in blooio_sandbox.requests] == [
        "%2B15551234567",
        "ann%40example.com",
        "%2B15551234567%2Cann%40example.com",
        "%2B15551234567",
    ]


def test_chats_from_lists_and_messages(client: Blooio) -> None:
    """A chat from the list of chats, or a message, is a valid recipient."""
    client.chat(PHONE).send("Hello")
    (chat,) = [chat for chat in client.chats.list()]
    (message,) = [message for message in client.chat(chat).messages.list()]

    assert (client.chat(chat).get()).id == PHONE
    assert client.chat(message).id == PHONE


def test_several_people_make_a_group(client: Blooio) -> None:
    """A send to several people returns the group that it created."""
    sent = client.chat([PHONE, "+15557654321"]).send("Hello, both")

    assert sent.group_created is True
    assert sent.participants == [PHONE, "+15557654321"]
    assert (client.chat(sent.group_id or "").send("again")).duplicate is False


def test_several_texts_are_several_messages(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Each text becomes a message, and the result lists them in order."""
    sent = client.chat(PHONE).send(["one", "two"])

    assert [message.text for message in blooio_sandbox.messages] == ["one", "two"]
    assert sent.message_ids == [message.id for message in blooio_sandbox.messages]
    assert sent.message_id == sent.message_ids[0]


def test_every_field_of_a_send(stub: Blooio, httpserver: HTTPServer) -> None:
    """Arguments are sent under their documented names, and omitted ones are not sent."""
    httpserver.expect_request("/v2/api/chats/+15551234567/messages").respond_with_json(
        {"message_id": "msg_1"}, status=202
    )
    stub.chat(PHONE).send(
        "https://example.com",
        attachments=["https://example.com/a.png", {"url": "https://example.com/b.png", "name": "b"}],
        link_preview={"title": "An example"},
        from_number="+15550100001",
        share_contact=True,
        use_typing_indicator=False,
        effect="confetti",
        reply_to="msg_0",
        extra={"subject": "Hi"},
    )

    assert httpserver.log[0][0].get_json() == {
        "text": "https://example.com",
        "attachments": ["https://example.com/a.png", {"url": "https://example.com/b.png", "name": "b"}],
        "link_preview": {"title": "An example"},
        "from_number": "+15550100001",
        "share_contact": True,
        "use_typing_indicator": False,
        "effect": "confetti",
        "reply_to": {"message_id": "msg_0"},
        "subject": "Hi",
    }


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        (SentMessage(message_ids=["msg_0"], duplicate=False, idempotency_key="key"), {"message_id": "msg_0"}),
        (ReplyTarget(guid="ABC", part_index=1), {"guid": "ABC", "part_index": 1}),
        ({"message_id": "msg_0"}, {"message_id": "msg_0"}),
    ],
)
def test_replies(
    stub: Blooio, httpserver: HTTPServer, reply_to: SentMessage | ReplyTarget | dict[str, str], expected: object
) -> None:
    """`reply_to` accepts an object with an id, or the fields that Blooio documents."""
    httpserver.expect_request("/v2/api/chats/+15551234567/messages").respond_with_json(
        {"message_id": "msg_1"}, status=202
    )
    stub.chat(PHONE).send("Yes!", reply_to=reply_to)

    assert httpserver.log[0][0].get_json()["reply_to"] == expected


@pytest.mark.parametrize(
    "more",
    [
        {"reply_to": {"part_index": 1}},
        {"reply_to": {"guid": "ABC", "message_id": "msg_0"}},
        {"reply_to": ""},
        {"effect": ""},
        {"text": None, "parts": [{"text": "Hi"}], "effect": "confetti"},
        {"text": ["Hi"], "reply_to": "msg_0"},
        {
            "text": None,
            "parts": [{"text": "https://example.com", "link_preview": {"title": "An example"}}],
            "reply_to": "msg_0",
        },
    ],
)
def test_invalid_replies_and_effects_raise(stub: Blooio, more: dict[str, Any]) -> None:
    """An invalid `reply_to` or `effect`, or one that cannot be combined with the message, raises an error."""
    arguments: dict[str, Any] = {"text": "Hi", **more}

    with pytest.raises(InvalidArgumentError, match=r"reply_to|effect"):
        stub.chat(PHONE).send(**arguments)


def test_markdown_is_sent_unchanged(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Markdown is sent unchanged with its format; the message has its plain text and its Markdown."""
    client.chat(PHONE).send("**Hello**", format="markdown")
    (message,) = [message for message in client.chat(PHONE).messages.list()]

    assert blooio_sandbox.requests[0].body == {"text": "**Hello**", "format": "markdown"}
    assert (message.text, message.formatted_text) == ("Hello", "**Hello**")


def test_an_unknown_reply_target(client: Blooio) -> None:
    """A reply to an unknown GUID is sent; the result and the message say that the target is unknown."""
    chat = client.chat(PHONE)
    first = chat.send("Hello")
    sent = chat.send("Yes!", reply_to={"guid": "p:0/ABC"})
    reply = chat.messages.get(sent)

    assert (first.parent_unresolved, sent.parent_unresolved) == (None, True)
    assert reply.reply_to is not None
    assert (reply.reply_to.message_id, reply.reply_to.guid) == (None, "p:0/ABC")


def test_typing_over_rcs_warns(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """RCS has no typing indicator: the result contains a warning, and nothing is raised."""
    blooio_sandbox.phone(PHONE).uses("rcs")

    assert (client.chat("ann@example.com").start_typing()).warning is None
    assert "RCS" in str((client.chat(PHONE).start_typing()).warning)


def test_a_message_is_cancelled(stub: Blooio, httpserver: HTTPServer) -> None:
    """A queued message can be cancelled; cancelling a sent one raises ConflictError."""
    path = "/v2/api/chats/+15551234567/messages/msg_1"
    httpserver.expect_ordered_request(path, method="DELETE").respond_with_json({"status": "cancelled"})
    httpserver.expect_ordered_request(path, method="DELETE").respond_with_json({"error": "ApiError"}, status=409)
    chat = stub.chat(PHONE)

    assert (chat.messages.cancel("msg_1")).status == "cancelled"
    with pytest.raises(ConflictError):
        chat.messages.cancel("msg_1")


def test_the_from_number_of_the_client(httpserver: HTTPServer) -> None:
    """Messages are sent from the client's number unless the send names another."""
    httpserver.expect_request("/chats/+15551234567/messages").respond_with_json({"message_id": "msg_1"}, status=202)
    with Blooio("key", base_url=httpserver.url_for(""), from_number="+15550100001") as client:
        client.chat(PHONE).send("Hello")
        client.chat(PHONE).send("Hello", from_number="+15550100002")

    numbers = [request.get_json()["from_number"] for request, _ in httpserver.log]
    assert numbers == ["+15550100001", "+15550100002"]


def test_reactions_by_relative_index(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """-1 is the last message; with a direction, the last in that direction."""
    chat = client.chat(PHONE)
    phone = blooio_sandbox.phone(PHONE)
    phone.sends("first from them")
    phone.sends("second from them")
    sent = chat.send("ours")

    last = chat.react("love")
    theirs = chat.react(Tapback.LAUGH, message=-2, direction="inbound")

    assert last.message_id == sent.message_id
    assert theirs.message_id == (texts(chat.messages.list(sort="asc")))["first from them"]


def texts(messages: Pager[Message]) -> dict[str | None, str]:
    """Return the id of each message by its text."""
    return {message.text: message.message_id for message in messages}


def test_a_reaction_is_added_and_removed(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A reaction is added to the given message, and can be removed."""
    chat = client.chat(PHONE)
    sent = chat.send("Hello")
    added = chat.react("😂", message=sent)
    removed = chat.unreact("😂", message=sent.message_id)

    assert (added.action, removed.action) == ("add", "remove")
    assert [request.body["reaction"] for request in blooio_sandbox.requests[1:]] == ["+😂", "-😂"]


def test_a_direction_with_an_id_raises(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A direction only applies to a relative index; with a message id, it raises an error."""
    with pytest.raises(InvalidArgumentError, match="relative index"):
        client.chat(PHONE).react("love", message="msg_1", direction="inbound")

    assert blooio_sandbox.requests == []


def test_messages_are_read_page_by_page(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Nothing is sent before iterating; each page is requested when needed; a limit ends the list."""
    chat = client.chat(PHONE)
    chat.send([f"message {number}" for number in range(7)])
    blooio_sandbox.requests.clear()
    pager = chat.messages.list(sort="asc", page_size=3)
    before = len(blooio_sandbox.requests)

    read = [message.text for message in pager]
    pages = [len(page) for page in pager.pages()]
    first = pager.first()

    assert len(blooio_sandbox.requests) - before == 3 + 3 + 1
    assert read == [f"message {number}" for number in range(7)]
    assert pages == [3, 3, 1]
    assert first is not None
    assert first.text == "message 0"
    assert [message.text for message in chat.messages.list(sort="asc", limit=2)] == read[:2]


def test_an_empty_list_has_no_first(client: Blooio) -> None:
    """The first item of an empty list is None."""
    assert client.chats.list().first() is None


def test_a_message_and_its_status(client: Blooio) -> None:
    """A message can be read by its id, or by an object with an id."""
    chat = client.chat(PHONE)
    sent = chat.send("Hello")
    message = chat.messages.get(sent)
    status = chat.messages.status(message)

    assert (message.text, message.message_id, status.message_id) == ("Hello", sent.message_id, sent.message_id)
    assert status.status == "queued"


def test_an_unknown_message(client: Blooio) -> None:
    """An unknown message raises an error with `sent` False."""
    with pytest.raises(NotFoundError) as caught:
        client.chat(PHONE).messages.get("msg_none")

    assert (caught.value.sent, caught.value.operation, caught.value.path) == (
        False,
        "getMessage",
        "/chats/{chatId}/messages/{messageId}",
    )


def test_typing_is_started_and_stopped(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """The indicator is shown while the block runs, and is stopped once, even if the block raises."""
    with pytest.raises(KeyError):
        with client.chat(PHONE).typing():
            raise KeyError("the block's own")

    assert [request.operation for request in blooio_sandbox.requests] == ["startTyping", "stopTyping"]


def test_a_failed_typing_indicator_is_not_an_error(
    client: Blooio, blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """If the indicator fails, the message is sent anyway and the failure is logged."""
    caplog.set_level(logging.WARNING, logger="blooio_client")
    blooio_sandbox.fail_next(403, times=2)
    with client.chat(PHONE).typing():
        pass
    client.chat(PHONE).send("Hello")

    assert len(caplog.records) == 2
    assert "5551234567" not in caplog.text
    assert len(blooio_sandbox.messages) == 1


def test_mark_as_read_typing_and_sharing_a_card(client: Blooio) -> None:
    """Marking as read, typing and sharing a contact card are one call each."""
    chat = client.chat(PHONE)
    chat.send("Hello")

    assert (chat.mark_read()).status == "read"
    assert (chat.start_typing()).typing is True
    assert (chat.stop_typing()).typing is False
    assert (chat.share_contact_card()).success is True
