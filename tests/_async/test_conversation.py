"""A conversation: its messages, reactions, typing indicator and read state."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio, AsyncPager, ChatId, Message, ReplyTarget, SentMessage, Tapback
from blooio_client.errors import ConflictError, InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def test_recipients(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A chat is a phone number, an email address, several people or an object with an id; each is one path segment."""
    for recipient in (PHONE, "ann@example.com", [PHONE, "ann@example.com"], ChatId.phone(PHONE)):
        await client.chat(recipient).send("Hello")

    assert [request.raw_path.split("/")[-2] for request in blooio_sandbox.requests] == [
        "%2B15551234567",
        "ann%40example.com",
        "%2B15551234567%2Cann%40example.com",
        "%2B15551234567",
    ]


async def test_chats_from_lists_and_messages(client: AsyncBlooio) -> None:
    """A chat from the list of chats, or a message, is a valid recipient."""
    await client.chat(PHONE).send("Hello")
    (chat,) = [chat async for chat in client.chats.list()]
    (message,) = [message async for message in client.chat(chat).messages.list()]

    assert (await client.chat(chat).get()).id == PHONE
    assert client.chat(message).id == PHONE


async def test_several_people_make_a_group(client: AsyncBlooio) -> None:
    """A send to several people returns the group that it created."""
    sent = await client.chat([PHONE, "+15557654321"]).send("Hello, both")

    assert sent.group_created is True
    assert sent.participants == [PHONE, "+15557654321"]
    assert (await client.chat(sent.group_id or "").send("again")).duplicate is False


async def test_several_texts_are_several_messages(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Each text becomes a message, and the result lists them in order."""
    sent = await client.chat(PHONE).send(["one", "two"])

    assert [message.text for message in blooio_sandbox.messages] == ["one", "two"]
    assert sent.message_ids == [message.id for message in blooio_sandbox.messages]
    assert sent.message_id == sent.message_ids[0]


async def test_every_field_of_a_send(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """Arguments are sent under their documented names, and omitted ones are not sent."""
    httpserver.expect_request("/v2/api/chats/+15551234567/messages").respond_with_json(
        {"message_id": "msg_1"}, status=202
    )
    await stub.chat(PHONE).send(
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
async def test_replies(
    stub: AsyncBlooio, httpserver: HTTPServer, reply_to: SentMessage | ReplyTarget | dict[str, str], expected: object
) -> None:
    """`reply_to` accepts an object with an id, or the fields that Blooio documents."""
    httpserver.expect_request("/v2/api/chats/+15551234567/messages").respond_with_json(
        {"message_id": "msg_1"}, status=202
    )
    await stub.chat(PHONE).send("Yes!", reply_to=reply_to)

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
async def test_invalid_replies_and_effects_raise(stub: AsyncBlooio, more: dict[str, Any]) -> None:
    """An invalid `reply_to` or `effect`, or one that cannot be combined with the message, raises an error."""
    arguments: dict[str, Any] = {"text": "Hi", **more}

    with pytest.raises(InvalidArgumentError, match=r"reply_to|effect"):
        await stub.chat(PHONE).send(**arguments)


async def test_markdown_is_sent_unchanged(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Markdown is sent unchanged with its format; the message has its plain text and its Markdown."""
    await client.chat(PHONE).send("**Hello**", format="markdown")
    (message,) = [message async for message in client.chat(PHONE).messages.list()]

    assert blooio_sandbox.requests[0].body == {"text": "**Hello**", "format": "markdown"}
    assert (message.text, message.formatted_text) == ("Hello", "**Hello**")


async def test_an_unknown_reply_target(client: AsyncBlooio) -> None:
    """A reply to an unknown GUID is sent; the result and the message say that the target is unknown."""
    chat = client.chat(PHONE)
    first = await chat.send("Hello")
    sent = await chat.send("Yes!", reply_to={"guid": "p:0/ABC"})
    reply = await chat.messages.get(sent)

    assert (first.parent_unresolved, sent.parent_unresolved) == (None, True)
    assert reply.reply_to is not None
    assert (reply.reply_to.message_id, reply.reply_to.guid) == (None, "p:0/ABC")


async def test_typing_over_rcs_warns(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """RCS has no typing indicator: the result contains a warning, and nothing is raised."""
    blooio_sandbox.phone(PHONE).uses("rcs")

    assert (await client.chat("ann@example.com").start_typing()).warning is None
    assert "RCS" in str((await client.chat(PHONE).start_typing()).warning)


async def test_a_message_is_cancelled(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """A queued message can be cancelled; cancelling a sent one raises ConflictError."""
    path = "/v2/api/chats/+15551234567/messages/msg_1"
    httpserver.expect_ordered_request(path, method="DELETE").respond_with_json({"status": "cancelled"})
    httpserver.expect_ordered_request(path, method="DELETE").respond_with_json({"error": "ApiError"}, status=409)
    chat = stub.chat(PHONE)

    assert (await chat.messages.cancel("msg_1")).status == "cancelled"
    with pytest.raises(ConflictError):
        await chat.messages.cancel("msg_1")


async def test_the_from_number_of_the_client(httpserver: HTTPServer) -> None:
    """Messages are sent from the client's number unless the send names another."""
    httpserver.expect_request("/chats/+15551234567/messages").respond_with_json({"message_id": "msg_1"}, status=202)
    async with AsyncBlooio("key", base_url=httpserver.url_for(""), from_number="+15550100001") as client:
        await client.chat(PHONE).send("Hello")
        await client.chat(PHONE).send("Hello", from_number="+15550100002")

    numbers = [request.get_json()["from_number"] for request, _ in httpserver.log]
    assert numbers == ["+15550100001", "+15550100002"]


async def test_reactions_by_relative_index(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """-1 is the last message; with a direction, the last in that direction."""
    chat = client.chat(PHONE)
    phone = blooio_sandbox.phone(PHONE)
    phone.sends("first from them")
    phone.sends("second from them")
    sent = await chat.send("ours")

    last = await chat.react("love")
    theirs = await chat.react(Tapback.LAUGH, message=-2, direction="inbound")

    assert last.message_id == sent.message_id
    assert theirs.message_id == (await texts(chat.messages.list(sort="asc")))["first from them"]


async def texts(messages: AsyncPager[Message]) -> dict[str | None, str]:
    """Return the id of each message by its text."""
    return {message.text: message.message_id async for message in messages}


async def test_a_reaction_is_added_and_removed(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A reaction is added to the given message, and can be removed."""
    chat = client.chat(PHONE)
    sent = await chat.send("Hello")
    added = await chat.react("😂", message=sent)
    removed = await chat.unreact("😂", message=sent.message_id)

    assert (added.action, removed.action) == ("add", "remove")
    assert [request.body["reaction"] for request in blooio_sandbox.requests[1:]] == ["+😂", "-😂"]


async def test_a_direction_with_an_id_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A direction only applies to a relative index; with a message id, it raises an error."""
    with pytest.raises(InvalidArgumentError, match="relative index"):
        await client.chat(PHONE).react("love", message="msg_1", direction="inbound")

    assert blooio_sandbox.requests == []


async def test_messages_are_read_page_by_page(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Nothing is sent before iterating; each page is requested when needed; a limit ends the list."""
    chat = client.chat(PHONE)
    await chat.send([f"message {number}" for number in range(7)])
    blooio_sandbox.requests.clear()
    pager = chat.messages.list(sort="asc", page_size=3)
    before = len(blooio_sandbox.requests)

    read = [message.text async for message in pager]
    pages = [len(page) async for page in pager.pages()]
    first = await pager.first()

    assert len(blooio_sandbox.requests) - before == 3 + 3 + 1
    assert read == [f"message {number}" for number in range(7)]
    assert pages == [3, 3, 1]
    assert first is not None
    assert first.text == "message 0"
    assert [message.text async for message in chat.messages.list(sort="asc", limit=2)] == read[:2]


async def test_an_empty_list_has_no_first(client: AsyncBlooio) -> None:
    """The first item of an empty list is None."""
    assert await client.chats.list().first() is None


async def test_a_message_and_its_status(client: AsyncBlooio) -> None:
    """A message can be read by its id, or by an object with an id."""
    chat = client.chat(PHONE)
    sent = await chat.send("Hello")
    message = await chat.messages.get(sent)
    status = await chat.messages.status(message)

    assert (message.text, message.message_id, status.message_id) == ("Hello", sent.message_id, sent.message_id)
    assert status.status == "queued"


async def test_an_unknown_message(client: AsyncBlooio) -> None:
    """An unknown message raises an error with `sent` False."""
    with pytest.raises(NotFoundError) as caught:
        await client.chat(PHONE).messages.get("msg_none")

    assert (caught.value.sent, caught.value.operation, caught.value.path) == (
        False,
        "getMessage",
        "/chats/{chatId}/messages/{messageId}",
    )


async def test_typing_is_started_and_stopped(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The indicator is shown while the block runs, and is stopped once, even if the block raises."""
    with pytest.raises(KeyError):
        async with client.chat(PHONE).typing():
            raise KeyError("the block's own")

    assert [request.operation for request in blooio_sandbox.requests] == ["startTyping", "stopTyping"]


async def test_a_failed_typing_indicator_is_not_an_error(
    client: AsyncBlooio, blooio_sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """If the indicator fails, the message is sent anyway and the failure is logged."""
    caplog.set_level(logging.WARNING, logger="blooio_client")
    blooio_sandbox.fail_next(403, times=2)
    async with client.chat(PHONE).typing():
        pass
    await client.chat(PHONE).send("Hello")

    assert len(caplog.records) == 2
    assert "5551234567" not in caplog.text
    assert len(blooio_sandbox.messages) == 1


async def test_mark_as_read_typing_and_sharing_a_card(client: AsyncBlooio) -> None:
    """Marking as read, typing and sharing a contact card are one call each."""
    chat = client.chat(PHONE)
    await chat.send("Hello")

    assert (await chat.mark_read()).status == "read"
    assert (await chat.start_typing()).typing is True
    assert (await chat.stop_typing()).typing is False
    assert (await chat.share_contact_card()).success is True
