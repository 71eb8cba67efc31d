"""The request of a call."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import attrs
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client import calls
from blooio_client.models import Direction, MessagePart, SendMessageRequest
from blooio_client.types import Call, File
from blooio_overrides._call.request import HiddenHeaders, Request, encoded, request_of
from blooio_overrides._call.settings import Settings
from blooio_overrides.errors import InvalidArgumentError

BASE = "https://backend.blooio.com/v2/api"


def send(**given: Any) -> Call[Any]:
    """A call that sends a message."""
    return calls.send_message("+15551234567", body={"text": "Hello"}, **given)


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        ("+15551234567", "%2B15551234567"),
        ("ann@example.com", "ann%40example.com"),
        ("+15551234567,ann@example.com", "%2B15551234567%2Cann%40example.com"),
        ("grp_1-2~3.4", "grp_1-2~3.4"),
        ("a/b?c#d%e\\f g", "a%2Fb%3Fc%23d%25e%5Cf%20g"),
        ("josé", "jos%C3%A9"),
    ],
)
def test_an_id_is_encoded_exactly_once(settings: Settings, chat: str, expected: str) -> None:
    """An id is one path segment, encoded once, even after httpx has parsed the URL."""
    request = request_of(calls.get_chat(chat), settings, None)

    assert f"/chats/{expected}" == request.target
    assert httpx.Request(request.method, BASE + request.target).url.raw_path.decode() == f"/v2/api/chats/{expected}"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text not in (".", "..")))
def test_any_id_can_be_decoded(text: str) -> None:
    """The server can decode any id from a single path segment."""
    path = calls.get_chat(text).path

    assert path.count("/") == 2
    assert unquote(path.removeprefix("/chats/")) == text


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ""),
        ({"q": "a b+c&d=é"}, "?q=a%20b%2Bc%26d%3D%C3%A9"),
        ({"q": "/"}, "?q=%2F"),
        ({"n": 5, "yes": True, "no": None}, "?n=5&yes=true"),
        ({"since": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)}, "?since=1700000000000"),
    ],
)
def test_the_query(settings: Settings, params: dict[str, Any], expected: str) -> None:
    """Query parameters are encoded once, times are milliseconds, and None is left out."""
    request = request_of(Call.build("GET", "/me", params=params), settings, None)

    assert f"/me{expected}" == request.target
    assert str(httpx.URL(BASE + request.target)) == BASE + request.target


@pytest.mark.parametrize(
    "template",
    [
        "",
        "me",
        "https://elsewhere.example/me",
        "//elsewhere.example/me",
        "/a//b",
        "/me?admin=1",
        "/me#a",
        "/a b",
        "/a\tb",
        "/me HTTP/1.1\r\nx-injected: 1",
        "/me\x00",
        "/café",
        "/\u202eem",
        "/\ud800",
        "/a\\b",
        "/..",
        "/../me",
        "/contacts/.",
        "/contacts/./x",
        "/contacts/../x",
    ],
)
def test_an_invalid_path_is_rejected(settings: Settings, template: str) -> None:
    """A path written by hand cannot change the host or query, contain `..`, or add a line."""
    with pytest.raises(InvalidArgumentError, match="the path of the call"):
        request_of(Call.build("GET", template), settings, None)


@pytest.mark.parametrize("template", ["/", "/me", "/a/b.c/...", "/a/.b", "/a:b@c;d=e,f", "/a%20b", "/trailing/"])
def test_a_path_written_by_hand(settings: Settings, template: str) -> None:
    """A valid path is sent unchanged."""
    assert request_of(Call.build("GET", template), settings, None).target == template


def test_a_lone_surrogate_in_a_query_is_rejected(settings: Settings) -> None:
    """A lone surrogate in a query raises one of our errors before anything is sent."""
    with pytest.raises(InvalidArgumentError, match="lone surrogate"):
        request_of(calls.list_chats(q="\ud800"), settings, None)


def test_a_query_that_is_too_long_is_rejected(settings: Settings) -> None:
    """A query that is too long raises our error, instead of a server's HTML page."""
    with pytest.raises(InvalidArgumentError, match="at most 65536 characters"):
        request_of(calls.list_chats(q="x" * 65_536), settings, None)


@pytest.mark.parametrize(
    ("part", "name", "mime_type"), [("type", "x.png", "image/png\r\nx-a: b"), ("name", "x\n", None)]
)
def test_a_file_that_would_add_a_header_is_rejected(settings: Settings, part: str, name: str, mime_type: Any) -> None:
    """A content type or a name with a line break is rejected, since it would add a header."""
    call = attrs.evolve(Call.build("POST", "/x"), files={"photo": File(b"x", name, mime_type)})

    with pytest.raises(InvalidArgumentError, match=f"the {part} of the file photo"):
        request_of(call, settings, None)


@pytest.mark.parametrize("method", ["GET /x HTTP/1.1\r\n\r\nGET", "CONNECT"])
def test_an_invalid_method_is_rejected(settings: Settings, method: str) -> None:
    """A method written by hand cannot add a request, or talk to a proxy."""
    with pytest.raises(InvalidArgumentError, match="the method of the call is not supported"):
        request_of(attrs.evolve(Call.build("GET", "/me"), method=method), settings, None)


def test_headers_are_merged_in_any_case(settings: Settings) -> None:
    """The headers of client, call and caller are merged; later ones win, regardless of case."""
    client = attrs.evolve(settings, headers=HiddenHeaders({"x-a": "client", "x-b": "client", "x-c": "client"}))
    call = Call.build("POST", "/x", json={}, headers={"X-B": "call", "X-c": "call"})
    request = request_of(call, client, {"x-C": "caller", "CONTENT-type": "application/vnd.x+json"})
    headers = request.headers.reveal()

    assert [headers[name] for name in ("x-a", "x-b", "x-c")] == ["client", "call", "caller"]
    assert headers["content-type"] == "application/vnd.x+json"
    assert headers["authorization"] == "Bearer bl_live_canary"
    assert "x-a" not in settings.common_headers.reveal()


def test_a_request_shows_nothing(settings: Settings) -> None:
    """The repr of a request shows no key, number or text."""
    shown = repr(request_of(send(), settings, None))

    assert not any(private in shown for private in ("canary", "555", "Hello"))


@pytest.mark.parametrize("headers", [{"a": "\n"}, {"a b": "c"}, [("a", "b")], {"Content-Length": "1"}])
def test_a_header_that_cannot_be_sent_is_rejected(settings: Settings, headers: Any) -> None:
    """A caller's headers are checked like the client's."""
    with pytest.raises(InvalidArgumentError, match="header"):
        request_of(send(), settings, headers)


def test_a_send_without_a_key_gets_one(settings: Settings) -> None:
    """Every send has a key, and no two calls share a generated one."""
    keys = [request_of(send(), settings, None).idempotency_key for _ in range(2)]

    assert len(set(keys)) == 2
    assert [uuid.UUID(key).version for key in keys if key] == [4, 4]


@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "order-42"}])
def test_a_given_key_is_kept(settings: Settings, headers: dict[str, str] | None) -> None:
    """A caller's key is used unchanged, whether it is an argument or a header."""
    call = send() if headers else send(idempotency_key="order-42")

    assert request_of(call, settings, headers).idempotency_key == "order-42"


@pytest.mark.parametrize("call", [calls.get_me(), calls.send_poll("a", body={}), Call.build("POST", "/x", json={})])
def test_other_calls_have_no_key(settings: Settings, call: Call[Any]) -> None:
    """Only sends have a key, since Blooio supports keys only there."""
    assert request_of(call, settings, None).idempotency_key is None


def test_a_call_without_a_body_has_none(settings: Settings) -> None:
    """A call without a body sends none, and an explicit None is a JSON null."""
    calls_ = (Call.build("POST", "/x"), Call.build("POST", "/x", json=None))
    bare, null = (request_of(call, settings, None) for call in calls_)

    assert (bare.content, "content-type" in bare.headers.reveal()) == (None, False)
    assert (null.content, null.headers.reveal()["content-type"]) == (b"null", "application/json")


def test_a_body_is_compact_utf_8(settings: Settings) -> None:
    """A body is JSON in UTF-8: models, times, texts in any script, and null for None."""
    body = SendMessageRequest(text="Größe 👍", parts=[MessagePart(text="a")])
    request = request_of(calls.send_message("a", body=body), settings, None)

    assert request.content == '{"text":"Größe 👍","parts":[{"text":"a"}]}'.encode()
    assert encoded({"name": None, "n": [1, 2.5, True]}) == b'{"name":null,"n":[1,2.5,true]}'


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        "\ud800",
        {"\udfff": 1},
        {"canary"},
        b"canary",
        object(),
        {("a", "b"): 1},
        1j,
        CYCLE,
        json,
    ],
)
def test_a_value_without_a_json_form_is_rejected(value: Any) -> None:
    """NaN, lone surrogates, sets, bytes and objects raise one of our errors, which does not show them."""
    for body in (value, [value], {"a": {"b": value}}):
        with pytest.raises(InvalidArgumentError) as caught:
            encoded(body)
        assert "canary" not in str(caught.value)


def test_a_body_that_is_too_deep_is_rejected() -> None:
    """A body that is nested too deeply raises one of our errors."""
    body: list[Any] = []
    for _ in range(100_000):
        body = [body]

    with pytest.raises(InvalidArgumentError, match="RecursionError"):
        encoded(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda x: st.lists(x) | st.dictionaries(st.text() | st.integers(), x),
    )
)
def test_a_body_is_serialized_or_rejected(body: Any) -> None:
    """A body is valid JSON, or raises one of our errors."""
    try:
        written = encoded(body)
    except InvalidArgumentError:
        return

    assert encoded(json.loads(written)) == written


@pytest.mark.parametrize("given_type", ["application/json", "multipart/form-data"])
def test_a_content_type_without_a_boundary_is_left_out_of_an_upload(settings: Settings, given_type: str) -> None:
    """The type of an upload names its boundary, so a type that the user sets for every call does not apply."""
    every = attrs.evolve(settings, headers=HiddenHeaders({"content-type": given_type}))
    upload = calls.set_group_icon("grp_1", body={"icon": File(b"x", "a.png")})
    given_once = {"Content-Type": given_type}

    for request in (request_of(upload, every, None), request_of(upload, settings, given_once)):
        assert "content-type" not in request.headers.reveal()
    assert request_of(send(), every, None).headers.reveal()["content-type"] == "application/json"


class Stream(io.RawIOBase):
    """A stream that cannot be rewound, such as a pipe."""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (None, True),
        ({}, True),
        ({"a": File(b"x", "x")}, True),
        ({"a": File(io.BytesIO(b"x"), "x")}, True),
        ({"a": File(Stream(), "x")}, False),  # type: ignore[arg-type]
        ({"a": File(b"x", "x"), "b": File(Stream(), "x")}, False),  # type: ignore[arg-type]
        ({"a": File(SimpleNamespace(read=bytes), "x")}, False),  # type: ignore[arg-type]
    ],
)
def test_only_rewindable_bodies_are_repeatable(files: dict[str, File] | None, expected: bool) -> None:
    """A request cannot be repeated if one of its files cannot be rewound."""
    assert expected is Request("PUT", "/a", HiddenHeaders({}), None, files).is_repeatable


@pytest.mark.parametrize("payload", ["photo.png", Path("photo.png"), None, SimpleNamespace(read=b"")])
def test_a_payload_that_is_not_a_file_is_rejected(settings: Settings, payload: Any) -> None:
    """A file must be bytes or an open file, not a path."""
    call = calls.set_group_icon("grp_1", body={"icon": File(payload, "a.png")})

    with pytest.raises(
        InvalidArgumentError, match=r"the payload of the file icon is .*; expected bytes or an open file"
    ):
        request_of(call, settings, None)


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"a": [1, 2]}, "a=1&a=2"),
        ({"a": ("x y", True), "b": "c"}, "a=x%20y&a=true&b=c"),
        ({"a": []}, ""),
        ({"a": [None, "x"]}, "a=x"),
        ({"a": [Direction.INBOUND]}, "a=inbound"),
    ],
)
def test_a_list_repeats_its_key(settings: Settings, params: dict[str, Any], query: str) -> None:
    """Each item of a list is sent as a separate parameter with the same name."""
    target = request_of(Call.build("GET", "/x", params=params), settings, None).target

    assert target == (f"/x?{query}" if query else "/x")


@pytest.mark.parametrize("value", [{"b": 1}, [[1]], [{"b": 1}], b"x", object()])
def test_a_nested_parameter_is_rejected(settings: Settings, value: Any) -> None:
    """Values without a query form are rejected, instead of being sent as Python's repr."""
    with pytest.raises(InvalidArgumentError, match="the query parameter a must be a str"):
        request_of(Call.build("GET", "/x", params={"a": value}), settings, None)


def test_a_new_key_is_a_random_uuid(settings: Settings) -> None:
    """A send without a caller's key gets a new UUID4."""
    made = [request_of(calls.send_message("+15551234567", body={"text": "a"}), settings, None) for _ in range(100)]
    keys = {each.idempotency_key or "" for each in made}

    assert len(keys) == 100
    assert {4} == {uuid.UUID(key).version for key in keys}
    assert all(each.has_own_key for each in made)
