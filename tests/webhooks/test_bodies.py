"""Batches, broken bodies, and malicious bodies."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from deliveries import delivery
from hypothesis import given
from hypothesis import strategies as st

from blooio_client import webhooks
from blooio_overrides.errors import InvalidArgumentError, SignatureMalformedError, SignatureMismatchError
from blooio_overrides.webhooks import Event, MessageReceived, Receiver, parse, parse_many
from blooio_overrides.webhooks.events import CLASSES

RECEIVED: dict[str, Any] = {
    "event": "message.received",
    "message_id": "msg_1",
    "external_id": "+15551234567",
    "timestamp": 1_700_000_000_000,
    "text": "Hello",
    "sender": "+15551234567",
}
ENVELOPE: dict[str, Any] = {
    "id": "evt_1",
    "type": "message.received",
    "created_at": 1_700_000_000_000,
    "data": {"message_id": "msg_1", "contact": {"identifier": "+15551234567"}, "group": None, "attachments": []},
}


def in_object(events: list[Any]) -> dict[str, Any]:
    """A batch under a name."""
    return {"events": events}


@pytest.mark.parametrize("wrap", [list[Any], in_object])
def test_batches_are_read_in_order(wrap: Any) -> None:
    """Several events in one delivery are returned in order."""
    events = parse_many(json.dumps(wrap([RECEIVED, ENVELOPE, {"event": "new.kind"}])))

    assert [each.type for each in events] == ["message.received", "message.received", "new.kind"]
    with pytest.raises(SignatureMalformedError, match="3 events; use parse_many"):
        parse(json.dumps(wrap([RECEIVED, ENVELOPE, {}])))
    assert isinstance(parse(json.dumps(wrap([RECEIVED]))), MessageReceived)


@pytest.mark.parametrize("events", [None, [], 5, {}, "x", [None], [RECEIVED, 5], [RECEIVED]])
def test_an_event_that_looks_like_a_batch_is_not_lost(events: object) -> None:
    """An object whose `events` are not events is an event itself."""
    raw = {**RECEIVED, "events": events}

    assert [raw] == [each.raw for each in parse_many(json.dumps(raw))]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "null",
        "5",
        "true",
        '"x"',
        "[5]",
        "[null]",
        "[[]]",
        b"\xff\xfe\x00",
        '{"a":',
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=range(13),
)
def test_a_body_that_is_not_an_object_is_rejected(body: bytes | str) -> None:
    """A body that is neither a JSON object nor a list of objects is rejected."""
    for read in (parse, parse_many):
        with pytest.raises(SignatureMalformedError, match="the body is not"):
            read(body)


@pytest.mark.parametrize("body", [{}, RECEIVED, [], None, 5])
def test_a_parsed_body_is_rejected(body: Any) -> None:
    """A parsed body raises an error that asks for the raw body."""
    with pytest.raises(InvalidArgumentError, match="pass the raw body"):
        parse_many(body)


def test_no_depth_raises_anything_foreign() -> None:
    """A body that is nested too deeply is rejected like invalid JSON."""
    for depth in range(900, 1010, 2):
        with suppress(SignatureMalformedError):
            assert parse('{"a":' + "[" * depth + "]" * depth + "}").dedupe_key


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*RECEIVED, *ENVELOPE, *ENVELOPE["data"], "events", "participants", "group_id", "sent_at"])


@given(st.dictionaries(NAMES | st.text(), VALUES), st.sampled_from(list(CLASSES)), st.booleans())
def test_any_json_object_is_read(raw: dict[str, Any], type_: str, wrapped: bool) -> None:
    """Any JSON object is an event, with its raw content and a stable key."""
    body = json.dumps({"type": type_, "data": raw} if wrapped else {**raw, "event": type_})
    (read,), (again,) = parse_many(body), parse_many(body)

    assert (type_, read.dedupe_key, json.dumps(read.raw)) == (read.type, again.dedupe_key, body)
    assert read.chat_id is None or read.chat_id
    assert isinstance(repr(read), str)


@given(st.binary() | st.text() | VALUES.map(json.dumps))
def test_any_body_is_read_or_rejected(body: bytes | str) -> None:
    """Every body is read or rejected, and raises no other error."""
    try:
        events = parse_many(body)
    except SignatureMalformedError:
        return

    assert all(isinstance(each, Event) for each in events)


def test_a_batch_is_verified_and_read_whole() -> None:
    """A batch yields all its events, and an unsigned one none."""
    body = b'[{"event": "message.received", "message_id": "msg_1"}, {"event": "new.kind"}]'
    headers = {"X-Blooio-Signature": webhooks.sign(body, "whsec_1")}

    assert [event.type for event in webhooks.unwrap_many(body, headers, secret="whsec_1")] == [
        "message.received",
        "new.kind",
    ]
    with pytest.raises(SignatureMismatchError):
        webhooks.unwrap_many(body, headers, secret="whsec_2")


def test_a_body_that_cannot_be_written_again_is_malformed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is nested too deeply to be stored is rejected."""

    def fail(*_: object, **__: object) -> str:
        raise RecursionError

    came = delivery()
    monkeypatch.setattr(json, "dumps", fail)
    assert receiver.receive(came) == 400


def test_a_body_alone_is_not_a_delivery() -> None:
    """`receive` needs the method and the headers, too; anything else raises an error that names the class."""
    body: Any = b"{}"
    with pytest.raises(InvalidArgumentError, match=r"delivery is bytes; expected webhooks\.Delivery"):
        Receiver(secret="whsec_test").receive(body)
