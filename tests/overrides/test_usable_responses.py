"""Whether a 2xx response can be the result."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from blooio_client import calls
from blooio_client.call import Returned
from blooio_client.types import Call
from blooio_overrides._call.exchange import Exchange
from blooio_overrides._call.failures import CallState
from blooio_overrides._call.operations import Repeat
from blooio_overrides._call.outcome import UNREADABLE, Response, content_of, message_ids, unusable_reason

SEND = calls.send_message("+15551234567", body={"text": "Hello"})
MESSAGES = calls.list_chat_messages("+15551234567")
BY_HAND = Call.build("POST", "/chats/{chatId}/new", chatId="+15551234567")


def response(body: object) -> Response:
    """A 200 with a body, raw or as JSON."""
    return Response(200, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


NO_OBJECTS: list[object] = [b"", b"<html>", b'{"message_id":', [], None, "x", 5]
NO_MESSAGES: list[object] = [
    {},
    {"status": "queued"},
    {"message_id": None},
    {"message_id": ""},
    {"message_id": 5},
    {"message_ids": []},
    {"message_ids": [None, "", 5]},
    {"message_ids": "msg_1"},
]


@pytest.mark.parametrize(
    ("call", "body", "expected"),
    [
        *((SEND, body, "its response is not a JSON object") for body in NO_OBJECTS),
        *((SEND, body, "its response has no message id") for body in NO_MESSAGES),
        (SEND, {"message_id": "msg_1"}, None),
        (SEND, {"message_ids": ["msg_1"]}, None),
        (SEND, {"id": "msg_1"}, None),
        (MESSAGES, {}, "its response has no usable 'messages'"),
        (MESSAGES, {"messages": None}, "its response has no usable 'messages'"),
        (MESSAGES, {"messages": {}}, "its response has no usable 'messages'"),
        (MESSAGES, {"messages": [None, 5]}, None),
        (calls.get_message("a", "b"), {}, "its response has no usable 'message_id'"),
        (calls.get_message("a", "b"), {"message_id": 5}, None),
        (calls.get_chat_background("a"), {}, None),
        *((BY_HAND, body, None) for body in (b"", b"[]", b"null", b"5", b"{}")),
        (BY_HAND, b"<html>", "its response is not JSON"),
    ],
)
def test_a_response_without_required_fields(call: Call[Any], body: object, expected: str | None) -> None:
    """A response without required fields is unusable; for a call built by hand, any JSON is a result."""
    assert expected == unusable_reason(call, response(body))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"message_ids": ["a", "b"]}, ["a", "b"]),
        ({"message_ids": ["a", "b"], "message_id": "c"}, ["a", "b"]),
        ({"message_ids": ["a", None, "", 5, "b"]}, ["a", "b"]),
        ({"message_ids": [], "message_id": "c"}, ["c"]),
        ({"message_ids": [None], "message_id": "c"}, ["c"]),
        ({"message_ids": None, "message_id": "c", "id": "d"}, ["c"]),
        ({"message_ids": {"a": 1}, "message_id": "c"}, ["c"]),
        ({"message_id": None, "id": "d"}, ["d"]),
        ({"message_id": 5, "id": "d"}, ["d"]),
        ({"id": "d"}, ["d"]),
        ({}, []),
    ],
)
def test_message_ids(data: dict[str, Any], expected: list[str]) -> None:
    """The ids of a send are found under any of their names, in order."""
    assert expected == message_ids(data)


@pytest.mark.parametrize(("body", "expected"), [(b"", None), (b'{"a":1}', {"a": 1}), (b"[]", [])])
def test_the_result_of_a_call_built_by_hand(body: bytes, expected: object) -> None:
    """`client.call` returns the JSON of the response, or None for an empty body."""
    ended = Exchange(CallState(BY_HAND, Repeat.ONCE, None), response(body), expired=False)

    assert expected == ended.result(BY_HAND)


@pytest.mark.parametrize(
    ("returns", "body", "expected"),
    [
        ("array", b"[1]", None),
        ("array", b"{}", "its response is not a JSON array"),
        ("json", b'"a"', None),
        ("json", b"a", "its response is not JSON"),
        ("text", b"\xff", None),
        ("nothing", b"", None),
    ],
)
def test_unusable_bodies_by_kind_of_result(returns: Returned, body: bytes, expected: str | None) -> None:
    """An array must be a JSON array and JSON must be valid; text and ignored bodies may be anything."""
    call = attrs.evolve(calls.get_me(), returns=returns)

    assert expected == unusable_reason(call, response(body))


@pytest.mark.parametrize(
    ("returns", "expected"), [("text", "a\ufffd"), ("bytes", b"a\xff"), ("nothing", None), ("json", UNREADABLE)]
)
def test_results_by_kind(returns: Returned, expected: object) -> None:
    """Text is decoded, bytes are unchanged, and an unused body is ignored."""
    assert expected == content_of(response(b"a\xff"), returns)
