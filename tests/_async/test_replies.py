"""Replying to webhook events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blooio_client import AsyncBlooio, webhooks
from blooio_client.errors import InvalidArgumentError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
RECEIVED: dict[str, Any] = {"event": "message.received", "message_id": "msg_1", "external_id": PHONE, "text": "Hi"}


def event(**fields: Any) -> webhooks.Event:
    """Return an event for an incoming message."""
    return webhooks.parse(json.dumps({**RECEIVED, **fields}))


async def test_a_redelivered_event_is_replied_to_once(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """However often an event is delivered, one reply is sent, and each result has the same key."""
    first = await event().reply(client, "Hello!")
    again = await event(timestamp=5).reply(client, "Hello!")

    assert first.message_ids == again.message_ids
    assert first.idempotency_key == again.idempotency_key
    assert [(message.chat_id, message.text) for message in blooio_sandbox.messages] == [(PHONE, "Hello!")]


async def test_a_second_reply_has_its_own_key(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Two replies to one event have different keys, and each is sent once."""
    for _ in range(2):
        await event().reply(client, "Hello!")
        await event().reply(client, "What can I do for you?", key="question")

    assert [message.text for message in blooio_sandbox.messages] == ["Hello!", "What can I do for you?"]


async def test_another_event_gets_another_reply(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The same text in reply to another event is another message."""
    await event().reply(client, "Hello!")
    await event(message_id="msg_2").reply(client, "Hello!")

    assert len(blooio_sandbox.messages) == 2


async def test_a_reply_accepts_the_options_of_a_message(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Attachments, senders and other options are sent as for any message."""
    blooio_sandbox.phone(PHONE).sends("Hi")
    await event().reply(client, attachments=["https://example.com/a.jpg"], from_number=blooio_sandbox.number)

    (request,) = blooio_sandbox.requests
    assert request.body == {
        "attachments": ["https://example.com/a.jpg"],
        "from_number": blooio_sandbox.number,
    }


async def test_an_event_without_a_chat(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Replying to an event without a chat raises an error, and nothing is sent."""
    with pytest.raises(InvalidArgumentError, match="no chat"):
        await event(external_id=None).reply(client, "Hello!")

    assert blooio_sandbox.requests == []
