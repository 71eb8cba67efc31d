"""Deliveries as typed events."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from blooio_overrides.webhooks import (
    Attachment,
    Event,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageQueued,
    MessageRead,
    MessageReceived,
    MessageSent,
    UnknownEvent,
    parse,
)
from blooio_overrides.webhooks.events import CLASSES

NO_TIMES: list[object] = [None, "", "soon", True, [], {}, 10**30, 1e300, "9999-99-99"]
PHONE, OWN, MOMENT = "+15551234567", "+15550001111", 1_700_000_000_000
THEN = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
RECEIVED: dict[str, Any] = {
    "event": "message.received",
    "message_id": "msg_1",
    "external_id": PHONE,
    "protocol": "imessage",
    "timestamp": MOMENT,
    "internal_id": OWN,
    "is_group": False,
    "text": "Hello",
    "sender": PHONE,
    "received_at": MOMENT,
}
ENVELOPE: dict[str, Any] = {
    "id": "evt_1",
    "type": "message.received",
    "created_at": MOMENT,
    "organization_id": "org_1",
    "api_version": "2026-10-01",
    "data": {
        "kind": "text",
        "text": "Hello",
        "group": None,
        "sender": PHONE,
        "status": "received",
        "chat_id": "chat_1",
        "contact": {"name": None, "contact_id": "ct_1", "identifier": PHONE},
        "protocol": "pending",
        "direction": "inbound",
        "recipient": OWN,
        "message_id": "msg_1",
        "attachments": [],
        "channel_address": OWN,
    },
}


def event(raw: object) -> Event:
    """The one event of a delivery."""
    return parse(json.dumps(raw))


def message(raw: object) -> MessageEvent:
    """The message event of a delivery."""
    read = event(raw)
    assert isinstance(read, MessageEvent)
    return read


@pytest.mark.parametrize("raw", [RECEIVED, ENVELOPE])
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16"])
def test_both_families_are_read_alike(raw: dict[str, Any], encoding: str | None) -> None:
    """Flat events and envelopes are equivalent, as bytes or str."""
    text = json.dumps(raw)
    read = parse(bytearray(text.encode(encoding)) if encoding else text)

    assert isinstance(read, MessageReceived)
    assert (read.type, read.chat_id, read.dedupe_key) == ("message.received", PHONE, "message.received:msg_1")
    assert (read.timestamp, read.raw) == (THEN, raw)
    assert (read.message_id, read.text, read.sender, read.internal_id) == ("msg_1", "Hello", PHONE, OWN)
    assert (read.attachments, read.is_group, read.group_id) == ([], False, None)
    assert (read.group_name, read.participants) == (None, None)


def test_known_and_unknown_values_are_distinguished() -> None:
    """Enum values are members, unknown values are kept, and missing fields are None."""
    flat, envelope = message(RECEIVED), message(ENVELOPE)

    assert (flat.protocol, flat.status) == ("imessage", None)
    assert (envelope.protocol, envelope.status) == ("pending", "received")
    assert flat.protocol is not None
    assert flat.protocol.is_known


@pytest.mark.parametrize(
    ("type_", "kind", "extra"),
    [
        ("message.received", MessageReceived, {"received_at": THEN, "reply_to": None}),
        ("message.queued", MessageQueued, {}),
        ("message.sent", MessageSent, {"sent_at": THEN}),
        ("message.delivered", MessageDelivered, {"delivered_at": THEN}),
        ("message.read", MessageRead, {"read_at": THEN}),
        ("message.failed", MessageFailed, {"error_code": "E1", "error_message": "no"}),
    ],
)
def test_each_message_event_has_its_class(type_: str, kind: type[MessageEvent], extra: dict[str, Any]) -> None:
    """Each message event has its own class and fields."""
    times = dict.fromkeys(("sent_at", "delivered_at", "read_at"), MOMENT)
    raw = {**RECEIVED, **times, "event": type_, "error_code": "E1", "error_message": "no"}
    read = event(raw)

    assert type(read) is kind
    assert CLASSES[type_] is kind
    assert extra == {
        name: getattr(read, name) for name in set(attrs.fields_dict(kind)) - set(attrs.fields_dict(MessageEvent))
    }


@pytest.mark.parametrize("raw", [RECEIVED, ENVELOPE, {"type": "new.kind"}])
def test_events_are_values(raw: dict[str, Any]) -> None:
    """An event can be compared, copied and pickled."""
    read = event(raw)

    assert read == event(raw) == copy.deepcopy(read) == pickle.loads(pickle.dumps(read))  # noqa: S301 - our own
    assert read != event({**raw, "data": {"text": "other"}, "text": "other"})


@pytest.mark.parametrize(
    "raw",
    [
        {"event": "number.removed", "external_id": PHONE, "sender": PHONE, "timestamp": MOMENT},
        {"type": "safety.state_changed", "created_at": MOMENT, "data": {"contact": {"identifier": PHONE}}},
        {"type": "message.edited", "created_at": MOMENT, "data": {"message_id": "msg_1", "sender": PHONE}},
    ],
)
def test_an_event_that_is_not_known_is_kept(raw: dict[str, Any]) -> None:
    """An unknown event has its type, chat, time and raw content."""
    read = event(raw)

    assert type(read) is UnknownEvent
    assert (read.type, read.chat_id, read.timestamp) == (raw.get("event") or raw.get("type"), PHONE, THEN)
    assert raw == read.raw


@pytest.mark.parametrize(
    "raw", [{}, {"event": None}, {"event": 5, "type": []}, {"data": {"event": "message.received"}}]
)
def test_an_event_without_a_type_is_unknown(raw: dict[str, Any]) -> None:
    """An object without a type is an unknown event."""
    assert (event(raw).type, type(event(raw))) == ("", UnknownEvent)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, PHONE),
        ({"external_id": None}, PHONE),
        ({"external_id": None, "sender": None}, None),
        ({"external_id": "", "contact": {"identifier": "ann@example.com"}}, "ann@example.com"),
        ({"external_id": None, "contact": "ann@example.com"}, PHONE),
        ({"group_id": "grp_1", "is_group": True}, "grp_1"),
        ({"group_id": "grp_1", "is_group": None}, "grp_1"),
        ({"external_id": "grp_1", "is_group": True, "group_id": None}, "grp_1"),
        ({"external_id": None, "is_group": True}, None),
        ({"external_id": None, "group": {"group_id": "grp_1", "name": "Us"}}, "grp_1"),
        ({"external_id": None, "group": {"id": "grp_1"}}, "grp_1"),
        ({"external_id": None, "group": "Us"}, None),
        ({"external_id": None, "group": {"name": "Us"}}, None),
        ({"external_id": None, "group": None}, PHONE),
        ({"external_id": None, "direction": "outbound", "sender": OWN, "recipient": PHONE}, PHONE),
        ({"external_id": None, "direction": "outbound", "sender": OWN}, None),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_replies_go_to_the_chat(fields: dict[str, Any], expected: str | None, wrapped: bool) -> None:
    """`chat_id` is the group in a group, and otherwise the other party."""
    flat = {**RECEIVED, **fields}
    raw = {"type": flat.pop("event"), "data": flat} if wrapped else flat

    assert expected == event(raw).chat_id


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (False, None)),
        ({"is_group": True}, (True, None)),
        ({"group_id": "grp_1"}, (True, "grp_1")),
        ({"is_group": None, "group": {"id": "grp_1"}}, (True, "grp_1")),
        ({"group": {"name": "Us"}}, (True, None)),
    ],
)
def test_a_group_is_known_as_one(fields: dict[str, Any], expected: tuple[bool, str | None]) -> None:
    """Any group field marks a message as a group message."""
    read = message({**RECEIVED, **fields})

    assert expected == (read.is_group, read.group_id)


def test_participants_are_read() -> None:
    """Group members are parsed; invalid ones are left out."""
    people = [{"contact_id": "ct_1", "identifier": PHONE, "name": None}, None, 5]
    read = message({**RECEIVED, "group_id": "grp_1", "group_name": "Us", "participants": people})

    assert read.participants is not None
    assert [(person.identifier, person.name) for person in read.participants] == [(PHONE, None)]
    assert read.group_name == "Us"


URL = "https://bucket.blooio.com/a.jpg"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([URL], [Attachment(URL)]),
        ([{"url": URL, "name": "a.jpg"}], [Attachment(URL, "a.jpg")]),
        (
            [{"url": URL, "file_name": "a.jpg", "mime_type": "image/jpeg", "size": 5}],
            [Attachment(URL, "a.jpg", "image/jpeg", 5)],
        ),
        ([{"url": URL, "media_type": "image/jpeg", "size": 5}], [Attachment(URL, None, "image/jpeg", 5)]),
        ([{"url": URL, "name": None, "size": "5"}], [Attachment(URL)]),
        ([{"url": URL, "size": True}], [Attachment(URL)]),
        ([URL, None, 5, {}, {"url": None}, {"url": 5}, "", [URL]], [Attachment(URL)]),
        (None, []),
        ("a.jpg", []),
        ({}, []),
        ([], []),
    ],
)
def test_attachments_in_every_spelling(value: object, expected: list[Attachment]) -> None:
    """An attachment is a URL, or an object with one under any known name; others are left out."""
    assert expected == message({**RECEIVED, "attachments": value}).attachments


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MOMENT, THEN),
        (float(MOMENT), THEN),
        ("2023-11-14T22:13:20Z", THEN),
        ("2023-11-14T23:13:20+01:00", THEN),
        ("2023-11-14T22:13:20", THEN),
        *((value, None) for value in NO_TIMES),
    ],
)
def test_times_are_aware(value: object, expected: datetime | None) -> None:
    """A time is an aware datetime in UTC in any format, or None if invalid."""
    flat = event({**RECEIVED, "event": "message.read", "timestamp": value, "read_at": value})
    envelope = event({**ENVELOPE, "created_at": value})

    assert isinstance(flat, MessageRead)
    assert expected == flat.timestamp == envelope.timestamp
    assert expected == flat.read_at
    assert expected is None or flat.timestamp is None or flat.timestamp.tzinfo is UTC


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (RECEIVED, RECEIVED, True),
        (RECEIVED, dict(reversed(RECEIVED.items())), True),
        (RECEIVED, {**RECEIVED, "timestamp": 5, "status": "read"}, True),
        (RECEIVED, ENVELOPE, True),
        (RECEIVED, {**RECEIVED, "event": "message.read"}, False),
        (RECEIVED, {**RECEIVED, "message_id": "msg_2"}, False),
        ({**RECEIVED, "message_id": None}, {**RECEIVED, "message_id": None}, True),
        ({**RECEIVED, "message_id": None}, {**RECEIVED, "message_id": None, "text": "Bye"}, False),
        ({"event": "new", "a": "\ud800"}, {"event": "new", "a": "\ud801"}, False),
    ],
)
def test_the_key_of_an_event(one: dict[str, Any], other: dict[str, Any], is_same: bool) -> None:
    """A redelivery has the same key, and any other event another one."""
    assert is_same is (event(one).dedupe_key == event(other).dedupe_key)
