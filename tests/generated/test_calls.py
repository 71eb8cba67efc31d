from __future__ import annotations

import inspect
import pickle
import re
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blooio_client import calls, models
from blooio_client.errors import InvalidArgumentError
from blooio_client.types import UNSET, Call, File, Model, segment

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
FUNCTIONS: dict[str, Callable[..., Call[Any]]] = {
    name: function
    for name, function in inspect.getmembers(calls, inspect.isfunction)
    if function.__module__ == calls.__name__
}
# Each path template with its function; sorted, so that every run uses the same ones.
WITH_PATH = sorted(
    name for name, function in FUNCTIONS.items() if "{" in (function.__doc__ or "").rpartition("Source:")[2]
)
SEGMENTS = st.text(min_size=1).filter(lambda text: text not in {".", ".."}) | st.text(
    "+@,/%?#;\\\r\n.:&=é😀 ", min_size=3
)
UNRESERVED = re.compile("(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})+")


class Operation(NamedTuple):
    """One operation of the document."""

    method: str
    template: str
    content: Any
    parameters: list[Any]


def operations_of(document: Any) -> dict[str, Operation]:
    """Return the operations of a document by operationId."""

    def resolved(node: Any) -> Any:
        return document["components"]["parameters"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node

    return {
        item[method]["operationId"]: Operation(
            method.upper(), path, item[method], [resolved(node) for node in item[method].get("parameters", [])]
        )
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def required_arguments(name: str, value: str = "x") -> dict[str, Any]:
    """Return the arguments that a function of `calls` requires; each path parameter is `value`."""
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    needed = [each for each in parameters if each.default is inspect.Parameter.empty]
    return {each.name: {} if each.name == "body" else value for each in needed}


def described(name: str, value: str = "x", **more: Any) -> Call[Any]:
    """Return the call that a function of `calls` describes."""
    return FUNCTIONS[name](**{**required_arguments(name, value), **more})


def test_every_operation(document: Any) -> None:
    """Each operation has one function, with the operationId, method and path of the document."""
    made = [described(name) for name in FUNCTIONS]

    assert len(made) == len({call.operation for call in made})
    assert {call.operation: (call.method, call.template) for call in made} == {
        operation_id: (operation.method, operation.template)
        for operation_id, operation in operations_of(document).items()
    }


def test_names(document: Any) -> None:
    """Functions are named like their operations, in snake case."""
    plain = {call.operation.lower(): name.replace("_", "") for name in FUNCTIONS for call in [described(name)]}

    assert plain == {operation_id.lower(): operation_id.lower() for operation_id in operations_of(document)}


def test_responses(document: Any) -> None:
    """A call reads each 2xx response as the documented model, and knows the required fields."""
    for name in FUNCTIONS:
        call = described(name)
        responses = operations_of(document)[call.operation].content["responses"]
        responses = [
            responses[status]["content"]["application/json"]["schema"] for status in responses if status < "300"
        ]
        result = call.read({})

        assert {response["$ref"].rpartition("/")[2] for response in responses} == {type(result).__name__}
        assert set(call.required) == set(document["components"]["schemas"][type(result).__name__].get("required", []))


def test_parameters(document: Any) -> None:
    """Every parameter of the document is an argument, and is sent in the right place under its own name."""
    for name, function in FUNCTIONS.items():
        operation = operations_of(document)[described(name).operation]
        arguments = {each: f"v-{each}" for each in inspect.signature(function).parameters if each != "body"}
        body: dict[str, Any] = {"body": {}} if "body" in inspect.signature(function).parameters else {}
        call = function(**arguments, **body)
        wire = {
            place: {each["name"] for each in operation.parameters if each["in"] == place}
            for place in ("query", "header")
        }

        assert len(arguments) == len(operation.parameters)
        assert set(call.params) == wire["query"]
        assert set(call.headers) == wire["header"]
        assert set(re.findall("{(.*?)}", call.template)) == {
            each["name"] for each in operation.parameters if each["in"] == "path"
        }
        assert sorted([*call.params.values(), *call.headers.values(), *re.findall("v-[a-z_]+", call.path)]) == sorted(
            arguments.values()
        )
        assert bool(body) == ("requestBody" in operation.content)


def test_docstrings(document: Any) -> None:
    """A docstring contains the document's summary, description and descriptions of parameters."""
    for name, function in FUNCTIONS.items():
        operation = operations_of(document)[described(name).operation]
        text = " ".join((function.__doc__ or "").split())
        words = [operation.content["summary"], operation.content.get("description", "")]

        for each in [*words, *(parameter["description"] for parameter in operation.parameters)]:
            assert " ".join(each.split()) in text
        assert text.endswith(f"Source: {operation.method} {operation.template}")


@settings(deadline=None, derandomize=True)
@given(value=SEGMENTS)
def test_one_segment(value: str) -> None:
    """Any identifier is encoded as exactly one path segment, and can be decoded again."""
    try:
        value.encode()
    except UnicodeEncodeError:
        with pytest.raises(InvalidArgumentError):
            segment(value)
        return
    for name in WITH_PATH:
        call = described(name, value)
        parts = list(zip(call.template.split("/"), call.path.split("/"), strict=True))

        assert all(UNRESERVED.fullmatch(part) for _, part in parts[1:])
        assert [unquote(part) for place, part in parts if "{" in place] == [value] * call.template.count("{")
        assert [part for place, part in parts if "{" not in place] == [place for place, _ in parts if "{" not in place]


@pytest.mark.parametrize("name", WITH_PATH)
def test_invalid_segments(name: str) -> None:
    """An identifier that is empty, steps up the path or is not a string raises an error that names the parameter."""
    invalid: list[Any] = ["", ".", "..", "\ud800", "a\udfffb", None, 15551234567, b"x", ["x"]]
    for argument, value in product(required_arguments(name).keys() - {"body"}, invalid):
        with pytest.raises(InvalidArgumentError, match=r"Id|number|tag|handle"):
            described(name, **{argument: value})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("+15551234567", "%2B15551234567"),
        ("+15551234567,ann@example.com", "%2B15551234567%2Cann%40example.com"),
        ("a/../b", "a%2F..%2Fb"),
        ("50%", "50%25"),
        ("%2B1", "%252B1"),
        ("...", "..."),
        ("~a-b_c.d", "~a-b_c.d"),
        ("a\r\nb", "a%0D%0Ab"),
        ("é😀", "%C3%A9%F0%9F%98%80"),
    ],
)
def test_encoding(value: str, expected: str) -> None:
    """All but unreserved characters are encoded, exactly once."""
    assert segment(value) == expected
    assert calls.get_chat(value).path == f"/chats/{expected}"


def test_query() -> None:
    """The query has only the arguments that were passed, with times as epoch milliseconds and enums as their values."""
    since = datetime(2025, 11, 22, 10, tzinfo=UTC)
    call = calls.list_chat_messages("grp_1", limit=0, direction=models.Direction.INBOUND, since=since, until=5)

    assert call.params == {"limit": 0, "direction": "inbound", "since": 1763805600000, "until": 5}
    assert calls.list_chat_messages("grp_1").params == {}
    assert Call.build("get", "/x", params={"a": (1, None, True, UNSET)}).params == {"a": [1, "true"]}


@pytest.mark.parametrize(
    "call",
    [
        Call.build("POST", "/x/{id}", id="a b", json={"text": "Hi"}, params={"tag": ["a", "b"]}, headers={"X-A": "1"}),
        calls.get_chat("+15551234567"),
        calls.send_message("+15551234567", body={"text": "Hi"}, idempotency_key="k"),
        calls.set_group_icon("grp_1", body={"icon": File(b"PNG", "icon.png")}),
    ],
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_calls_are_pickled(call: Call[Any], protocol: int) -> None:
    """A call can be pickled, for a queue or another process, and still reads its response."""
    other: Call[Any] = pickle.loads(pickle.dumps(call, protocol))  # noqa: S301 - our own

    assert attrs.asdict(other, recurse=False) == attrs.asdict(call, recurse=False)
    assert other.read({"unheard_of": 1}) == call.read({"unheard_of": 1})


def test_naive_time() -> None:
    """A time without a time zone raises an error: it is ambiguous."""
    with pytest.raises(InvalidArgumentError, match="time zone"):
        calls.list_chat_messages("grp_1", since=datetime(2025, 11, 22))  # noqa: DTZ001 - on purpose


def test_body() -> None:
    """A body is a model or a dict with wire names and is sent as JSON; without one, none is sent."""
    request = models.SendMessageRequest(text="Hello")

    assert calls.send_message("grp_1", body=request).json == {"text": "Hello"}
    assert calls.send_message("grp_1", body={"text": "Hello", "effect": UNSET}).json == {"text": "Hello"}
    assert calls.send_message("grp_1", body=request, idempotency_key="k").headers == {"Idempotency-Key": "k"}
    assert calls.get_me().json is UNSET


def test_files() -> None:
    """An upload sends its file under the documented name, and is not JSON."""
    icon = File(b"PNG", "icon.png")

    call = calls.set_group_icon("grp_1", body={"icon": icon})

    assert (call.files, call.json) == ({"icon": icon}, UNSET)
    assert isinstance(call.read({"unheard_of": 1}), Model)


def test_no_content_in_repr() -> None:
    """The repr of a call shows its operation and nothing that is sent."""
    assert repr(calls.get_chat("+15551234567")) == "<Call getChat>"
    assert repr(Call.build("post", "/x/{id}", id="secret", json={"text": "private"})) == "<Call POST /x/{id}>"


@pytest.mark.parametrize("parameters", [{}, {"other": "x"}, {"id": "x", "more": "y"}, {"id": ".."}])
def test_built_by_hand(parameters: dict[str, Any]) -> None:
    """A call built by hand requires exactly the parameters of its path."""
    call = Call.build("get", "/x/{id}", id="a/b", params={"limit": None, "all": True})

    assert (call.method, call.path, call.params) == ("GET", "/x/a%2Fb", {"all": "true"})
    with pytest.raises(InvalidArgumentError):
        Call.build("get", "/x/{id}", **parameters)


def test_adding() -> None:
    """Adding to a call returns a new call and leaves the original unchanged."""
    call = calls.send_message("grp_1", body={"text": "Hello"}, idempotency_key="k")

    more = call.adding(json={"effect": "slam"}, params={"dry": True}, headers={"X-Trace": "1"})

    assert (more.json, more.params) == ({"text": "Hello", "effect": "slam"}, {"dry": "true"})
    assert more.headers == {"Idempotency-Key": "k", "X-Trace": "1"}
    assert (call.json, call.params, call.headers) == ({"text": "Hello"}, {}, {"Idempotency-Key": "k"})
    assert calls.get_me().adding(json={"x": 1}).json == {"x": 1}
    with pytest.raises(InvalidArgumentError, match="not one"):
        Call.build("post", "/x", json=[1]).adding(json={"x": 1})
