# Derived from ../_async/test_replies.py by `make derive`. Do not edit.
"""Answering events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blooio_client import Blooio, webhooks
from blooio_client.errors import InvalidArgumentError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"
RECEIVED: dict[str, Any] = {"event": "message.received", "message_id": "msg_1", "external_id": PHONE, "text": "Hi"}


def event(**fields: Any) -> webhooks.Event:
    """A message that came in."""
    return webhooks.parse(json.dumps({**RECEIVED, **fields}))


def test_a_redelivered_event_is_answered_once(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """However often an event comes, its response arrives once, and says under which key."""
    first = event().reply(client, "Hello!")
    again = event(timestamp=5).reply(client, "Hello!")

    assert first.message_ids == again.message_ids
    assert first.idempotency_key == again.idempotency_key
    assert [(message.chat_id, message.text) for message in blooio_sandbox.messages] == [(PHONE, "Hello!")]


def test_a_second_answer_has_a_key_of_its_own(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Two answers to one event are told apart by their keys, and each is sent once."""
    for _ in range(2):
        event().reply(client, "Hello!")
        event().reply(client, "What can I do for you?", key="question")

    assert [message.text for message in blooio_sandbox.messages] == ["Hello!", "What can I do for you?"]


def test_another_event_gets_another_answer(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """The same words to another event are another message."""
    event().reply(client, "Hello!")
    event(message_id="msg_2").reply(client, "Hello!")

    assert len(blooio_sandbox.messages) == 2


def test_an_answer_takes_what_a_message_takes(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Attachments, senders and the like go out as with any message."""
    blooio_sandbox.phone(PHONE).sends("Hi")
    event().reply(client, attachments=["https://example.com/a.jpg"], from_number=blooio_sandbox.number)

    (request,) = blooio_sandbox.requests
    assert request.body == {
        "attachments": ["https://example.com/a.jpg"],
        "from_number": blooio_sandbox.number,
    }


def test_an_event_of_no_chat_cannot_be_answered(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Where nothing says whom to write to, nobody is written to."""
    with pytest.raises(InvalidArgumentError, match="no chat"):
        event(external_id=None).reply(client, "Hello!")

    assert blooio_sandbox.requests == []
