"""Replies and other actions on events, against the sandbox, sync and async."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from blooio_client import AsyncBlooio, BadRequestError, Blooio, InvalidArgumentError
from blooio_overrides.webhooks import Burst, MessageReceived, example, parse
from blooio_overrides.webhooks.events import CLASSES
from blooio_sandbox import Sandbox


def received(**fields: Any) -> MessageReceived:
    """A message."""
    event = parse(example("message.received", **fields).body)
    assert isinstance(event, MessageReceived)
    return event


def test_a_handler_replies_reacts_reads_and_types(blooio_sandbox: Sandbox, blooio: Blooio) -> None:
    """With a sync client, each action is a call."""
    phone = blooio_sandbox.phone("+15551234567")
    phone.sends("Hi")
    (message,) = blooio.chat("+15551234567").messages.list()
    event = received(message_id=message.message_id)
    with event.typing(blooio):
        event.reply(blooio, "Hello")
        event.reply(blooio, "Hello")
    event.react(blooio, "love")
    event.mark_read(blooio)

    operations = [request.operation for request in blooio_sandbox.requests][1:]
    assert operations == ["startTyping", "sendMessage", "sendMessage", "stopTyping", "addReaction", "markChatRead"]


def test_with_an_async_client_each_is_awaited(blooio_sandbox: Sandbox, async_blooio: AsyncBlooio) -> None:
    """With an async client, each action is awaited."""
    blooio_sandbox.phone("+15551234567").sends("Hi")

    async def handle() -> int:
        async with async_blooio as client:
            (message,) = [message async for message in client.chat("+15551234567").messages.list()]
            event = received(message_id=message.message_id)
            async with event.typing(client):
                await event.reply(client, "Hello")
            await event.react(client, "love")
            await event.mark_read(client)
            burst = Burst((event,), "key", lambda: False)
            await burst.reply(client, "All of it")
            return len([message async for message in client.chat("+15551234567").messages.list()])

    assert anyio.run(handle) == 3


@pytest.mark.parametrize(("sender", "sent"), [("SUPPORT", "SUPPORT"), ("+68849", "%2B68849"), ("5551234567",) * 2])
def test_the_sender_of_an_event_is_sent_unchanged(
    blooio_sandbox: Sandbox, blooio: Blooio, async_blooio: AsyncBlooio, sender: str, sent: str
) -> None:
    """The id of an event's chat is sent unchanged, whatever its form, since it came from Blooio."""
    event = received(external_id=sender)

    async def mark_read() -> None:
        async with async_blooio as client:
            await event.mark_read(client)

    for act in (lambda: event.mark_read(blooio), lambda: anyio.run(mark_read)):
        with pytest.raises(BadRequestError):
            act()
    paths = [request.raw_path.rpartition("/chats/")[2] for request in blooio_sandbox.requests]
    assert paths == [f"{sent}/read"] * 2


def test_an_event_without_a_chat_or_message_raises(blooio: Blooio) -> None:
    """Nothing is sent for an event without a chat or message."""
    nowhere = received(external_id=None, sender=None)
    for act in (nowhere.typing, nowhere.mark_read, nowhere.reply):
        with pytest.raises(InvalidArgumentError, match="chat"):
            act(blooio)
    with pytest.raises(InvalidArgumentError, match="message"):
        received(message_id=None).react(blooio, "love")


@pytest.mark.parametrize("kind", CLASSES)
def test_an_example_is_an_event_of_its_kind(kind: str) -> None:
    """Each example is signed, has the class of its type, and is a new event."""
    for chat_id in ("+15551234567", "grp_1"):
        first, second = (parse(example(kind, chat_id=chat_id, timestamp=number).body) for number in (1, 2))
        assert type(first) is CLASSES[kind]
        assert first.chat_id == chat_id
        assert (first.dedupe_key == second.dedupe_key) is (kind in ("poll.created", "poll.received"))


def test_an_unknown_example_raises() -> None:
    """An unknown type of event raises an error that lists the known ones."""
    with pytest.raises(InvalidArgumentError, match=r"message\.received"):
        example("message.invented")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reply_to": {"guid": "G", "message_id": "msg_1", "part_index": 2}}, ("msg_1", "G", 2)),
        ({"reply_to": {"guid": "G", "message_id": None, "part_index": "2"}}, (None, "G", None)),
        ({"reply_to": "msg_1"}, ("msg_1", None, None)),
        ({"reply_to_message_id": "msg_1"}, ("msg_1", None, None)),
    ],
)
def test_the_message_that_is_replied_to(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """Every form of `reply_to` yields the same object."""
    reply_to = received(**given).reply_to
    assert reply_to is not None
    assert (reply_to.message_id, reply_to.guid, reply_to.part_index) == expected


def test_opt_outs_are_recognized() -> None:
    """STOP and START are recognized, and other messages are not."""
    texts = ("STOP", "Start!", "Stop by at noon")
    assert [(event.opt_out, event.opt_in) for event in (received(text=text) for text in texts)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
