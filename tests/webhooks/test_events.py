"""Events other than messages: reactions, polls, groups, contacts, typing."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from blooio_client.models import Protocol
from blooio_overrides import webhooks
from blooio_overrides.errors import SignatureMalformedError
from blooio_overrides.webhooks import Event, parse
from blooio_overrides.webhooks.events import CLASSES

PHONE, OTHER, OWN, MOMENT = "+15551234567", "+15557654321", "+15550001111", 1_700_000_000_000
IN_CHAT: dict[str, Any] = {"external_id": PHONE, "sender": PHONE, "internal_id": OWN, "timestamp": MOMENT}
REACTION: dict[str, Any] = {
    "event": "message.reaction",
    **IN_CHAT,
    "direction": "inbound",
    "message_id": "msg_1",
    "reaction": "love",
    "action": "add",
    "original_text": "Hello",
}
VOTE: dict[str, Any] = {"event": "poll.voted", **IN_CHAT, "poll_id": "poll_1", "option": "Sushi"}
TYPING: dict[str, Any] = {"event": "typing.started", **IN_CHAT}
NOT_SENT = {"is_replay", "type", "chat_id", "dedupe_key", "timestamp", "raw"}


def event(raw: object) -> Event:
    """The one event of a delivery."""
    return parse(json.dumps(raw))


def envelope(raw: dict[str, Any], event_id: str = "evt_1") -> dict[str, Any]:
    """The same event in the newer format."""
    data = {name: value for name, value in raw.items() if name not in ("event", "timestamp")}
    return {"id": event_id, "type": raw["event"], "created_at": raw["timestamp"], "data": data}


@pytest.mark.parametrize("wrap", [dict[str, Any], envelope])
@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        (
            REACTION,
            webhooks.MessageReaction,
            {
                "message_id": "msg_1",
                "reaction": "love",
                "action": "add",
                "direction": "inbound",
                "original_text": "Hello",
            },
        ),
        (
            {"event": "message.received", "message_id": "msg_1", "timestamp": MOMENT, "sender": PHONE}
            | {"external_id": PHONE, "internal_id": OWN, "text": "Hello", "formatted_text": "**Hello**"}
            | {"protocol": "pending", "reply_to": {"message_id": None, "guid": "p:0/ABC", "part_index": 0}},
            webhooks.MessageReceived,
            {
                "text": "Hello",
                "formatted_text": "**Hello**",
                "protocol": Protocol.PENDING,
                "reply_to": webhooks.ReplyTo(None, "p:0/ABC", 0),
            },
        ),
        (
            {**VOTE, "event": "poll.created", "title": "Lunch?", "options": ["Pizza", {"text": "Sushi"}, 5, None]},
            webhooks.PollCreated,
            {"poll_id": "poll_1", "title": "Lunch?", "options": ["Pizza", "Sushi"], "message_id": None},
        ),
        ({**VOTE, "event": "poll.received"}, webhooks.PollReceived, {"options": None, "title": None}),
        (VOTE, webhooks.PollVoted, {"poll_id": "poll_1", "option": "Sushi"}),
        ({**VOTE, "option": {"text": "Sushi"}}, webhooks.PollVoted, {"option": "Sushi"}),
        ({**VOTE, "option": 1}, webhooks.PollVoted, {"option": None}),
        (
            {"event": "group.name_changed", **IN_CHAT, "group": {"name": "Us", "group_id": "grp_1"}},
            webhooks.GroupNameChanged,
            {"group_name": "Us", "group_id": "grp_1", "chat_id": "grp_1", "is_group": True},
        ),
        (
            {"event": "group.icon_changed", **IN_CHAT, "group_id": "grp_1", "group_name": "Us", "participants": []},
            webhooks.GroupIconChanged,
            {"group_name": "Us", "chat_id": "grp_1", "participants": []},
        ),
        (TYPING, webhooks.TypingStarted, {}),
        ({**TYPING, "event": "typing.stopped"}, webhooks.TypingStopped, {}),
    ],
)
def test_each_event_has_its_class(wrap: Any, raw: dict[str, Any], kind: type[Event], expected: dict[str, Any]) -> None:
    """Each event has its class and fields, flat or in an envelope."""
    read = event(wrap(raw))

    assert type(read) is kind
    shown = {"sender": PHONE, "internal_id": OWN, "chat_id": PHONE, **expected}
    assert shown == {name: getattr(read, name) for name in shown}


@pytest.mark.parametrize("type_", CLASSES)
def test_an_event_without_fields_is_read(type_: str) -> None:
    """Every field but the type is optional."""
    read = event({"event": type_})
    values = {name: getattr(read, name) for name in set(attrs.fields_dict(type(read))) - NOT_SENT}

    assert (type(read), read.type, read.chat_id, read.timestamp) == (CLASSES[type_], type_, None, None)
    assert not any(values.values())


def test_every_class_is_exported() -> None:
    """Every event class is exported next to `unwrap`."""
    assert {kind.__name__ for kind in CLASSES.values()} <= set(webhooks.__all__)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"external_id": PHONE}, PHONE),
        ({"sender": PHONE}, PHONE),
        ({"group": {"group_id": "grp_1"}}, "grp_1"),
        ({}, None),
    ],
)
def test_a_shared_contact_is_not_a_recipient(fields: dict[str, Any], expected: str | None) -> None:
    """A reply to a shared contact goes to the person who shared it."""
    read = event({"type": "contact.shared", "data": {**fields, "contact": {"identifier": OTHER}}})

    assert isinstance(read, webhooks.ContactShared)
    assert expected == read.chat_id


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (REACTION, dict(reversed(REACTION.items())), True),
        (REACTION, {**REACTION, "original_text": "Hel…", "status": "again"}, True),
        (REACTION, {**REACTION, "reaction": "like"}, False),
        (REACTION, {**REACTION, "action": "remove"}, False),
        (REACTION, {**REACTION, "sender": OTHER}, False),
        (REACTION, {**REACTION, "message_id": "msg_2"}, False),
        (REACTION, {**REACTION, "timestamp": MOMENT + 1}, False),
        (VOTE, {**VOTE, "title": "Lunch?"}, True),
        (VOTE, {**VOTE, "option": "Pizza"}, False),
        (VOTE, {**VOTE, "sender": OTHER}, False),
        (VOTE, {**VOTE, "poll_id": "poll_2"}, False),
        (VOTE, {**VOTE, "timestamp": MOMENT + 1}, False),
        (VOTE, {**VOTE, "event": "poll.created"}, False),
        ({**VOTE, "option": None, "choice": "a"}, {**VOTE, "option": None, "choice": "b"}, False),
        ({**VOTE, "option": {"text": "a"}}, {**VOTE, "option": {"text": "b"}}, False),
        ({**REACTION, "sender": ""}, {**REACTION, "sender": "", "part": 1}, False),
        (TYPING, {**TYPING, "is_group": False}, True),
        (TYPING, {**TYPING, "external_id": OTHER}, False),
        (
            {"event": "group.name_changed", "group_name": "Us"},
            {"event": "group.name_changed", "group_name": "We"},
            False,
        ),
        (envelope(REACTION), envelope({**REACTION, "reaction": "like"}), True),
        (envelope(REACTION), envelope(REACTION, "evt_2"), False),
        (envelope(VOTE, ""), envelope({**VOTE, "option": "Pizza"}, ""), False),
        ({"id": "1", "type": "new.kind", "a": 1}, {"id": "1", "type": "new.kind", "a": 2}, False),
    ],
)
def test_the_key_of_an_event(one: dict[str, Any], other: dict[str, Any], is_same: bool) -> None:
    """A redelivery has the same key; another reaction or vote has another key."""
    assert is_same is (event(one).dedupe_key == event(other).dedupe_key)


def test_a_key_contains_no_phone_number() -> None:
    """Keys are stored and may be logged, so they contain no phone number."""
    assert not [raw for raw in (REACTION, VOTE, TYPING) if "555" in event(raw).dedupe_key]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, False), ({"X-Blooio-Replay": "true"}, True), ({"x-blooio-replay": "1"}, False)],
)
def test_a_replay_is_visible(headers: dict[str, str], expected: bool) -> None:
    """A replay is the same event, marked as a replay."""
    body = json.dumps(REACTION)
    signed = {**headers, "X-Blooio-Signature": webhooks.sign(body, "whsec_1")}
    read, (one,) = (
        webhooks.unwrap(body, signed, secret="whsec_1"),
        webhooks.unwrap_many(body, signed, secret="whsec_1"),
    )

    assert (read.is_replay, one.is_replay) == (expected, expected)
    assert read.dedupe_key == event(REACTION).dedupe_key


def test_a_deeply_nested_body_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is nested too deeply to compute its key is rejected like invalid JSON."""

    def fail(*_: object, **__: object) -> str:
        raise RecursionError

    monkeypatch.setattr(json.JSONEncoder, "encode", fail)
    with pytest.raises(SignatureMalformedError, match="too deeply"):
        parse('{"event": "new.kind"}')
