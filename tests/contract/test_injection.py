"""Any argument stays one segment, value or header of one request, or is rejected."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import anyio
import attrs
import httpx
import pytest
from contract_clients import ONCE
from contract_document import OPERATIONS
from wire import Wire, json_response

from blooio_client import AsyncBlooio, Blooio, Call, calls
from blooio_client.errors import BlooioError, InvalidArgumentError
from blooio_client.types import File

KEY = "stub-key"
TLS = ssl.create_default_context()
"""Shared by all HTTP clients of the user, since reading the CA certificates takes longer than a test."""
TRICKS = {
    "line break": "a\r\nX-Injected: 1\r\n\r\nGET /injected HTTP/1.1\r\n\r\n",
    "line feed": "a\nX-Injected: 1",
    "NUL": "a\0b",
    "step": ".",
    "step up": "..",
    "steps": "../../me",
    "encoded step": "%2e%2e",
    "encoded steps": "%2e%2e%2f",
    "encoded break": "%0d%0aX-Injected: 1",
    "query": "a?injected=1",
    "fragment": "a#injected",
    "backslash": "..\\me",
    "slash": "a/b",
    "slashes": "//evil.example/a",
    "semicolon": "a;injected=1",
    "ampersand": "a&injected=1",
    "plus and blank": "a+ b",
    "embedding": "a\u202ab",
    "override": "a\u202eb",
    "zero width": "a\u200bb",
    "byte order mark": "\ufeffa",
    "line separator": "a\u2028b",
    "high surrogate": "a\ud800",
    "low surrogate": "\udfffa",
    "long": "a" * 65_536,
    "long emoji": "😂" * 16_384,
    "emoji": "👩‍👩‍👧",
    "empty": "",
    "blank": " ",
    "at sign": "@evil.example",
    "colon": ":80",
    "user info": "http://ann:b@evil.example/",
    "DEL": "a\x7fb",
    "escape": "a\x1b[31mb",
    "full-width": "\uff0e\uff0e\uff0f",
}
FUNCTIONS: dict[str, Callable[..., Call[Any]]] = {
    operation: getattr(calls, re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()) for operation in OPERATIONS
}


@attrs.define
class Stub:
    """A server that keeps each request byte for byte, and a client for each way of sending."""

    server: Wire

    def send(self, way: str, call: Callable[[], Call[Any]], headers: Any = None) -> BaseException | None:
        """Send a call; return the error."""
        self.server.requests.clear()
        try:
            WAYS[way](self.server.url, call(), headers)
        except BlooioError as error:
            return error
        return None

    def head(self) -> tuple[str, str, dict[str, str]]:
        """Return the method, target and headers of the received request."""
        (request,) = self.server.requests
        lines = request.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
        method, target, version = lines[0].split(" ")
        assert version == "HTTP/1.1"
        names = [line.partition(": ")[0].lower() for line in lines[1:]]
        assert len(names) == len(set(names))
        assert not {"x-injected", "injected"} & set(names)
        return method, target, {name: line.partition(": ")[2] for name, line in zip(names, lines[1:], strict=True)}


def blocking(url: str, call: Call[Any], headers: Any) -> None:
    """Send with the sync client."""
    with Blooio(KEY, base_url=url, **ONCE) as client:
        client.call_raw(call, headers=headers)


def with_own_client(url: str, call: Call[Any], headers: Any) -> None:
    """Send through the user's own HTTP client."""
    with httpx.Client(verify=TLS) as own, Blooio(KEY, base_url=url, http_client=own, **ONCE) as client:
        client.call_raw(call, headers=headers)


async def awaiting(url: str, call: Call[Any], headers: Any) -> None:
    """Send with the async client."""
    async with AsyncBlooio(KEY, base_url=url, **ONCE) as client:
        await client.call_raw(call, headers=headers)


WAYS: dict[str, Callable[[str, Call[Any], Any], None]] = {
    "sync": blocking,
    "own client": with_own_client,
    "async": lambda url, call, headers: anyio.run(awaiting, url, call, headers),
}


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    """A server on raw sockets."""
    with Wire(lambda exchange: exchange.write(json_response(b"{}"))) as server:
        yield Stub(server)


def described(operation: str, **values: str) -> Call[Any]:
    """Return a documented call with these values for its parameters, and plain ones for the others."""
    documented, given = OPERATIONS[operation], dict[str, Any]()
    for name in documented.parameters["path"]:
        given[snake(name)] = values.get(name, "plain")
    for name, each in documented.parameters["query"].items():
        if name in values or each.get("required"):
            given[snake(name)] = values.get(name, "plain")
    if documented.content:
        file = File(b"x", "x.png", "image/png")
        given["body"] = {"icon": file, "background": file} if "multipart/form-data" in documented.content else {}
    return FUNCTIONS[operation](**given)


def snake(name: str) -> str:
    """Return a parameter's name in Python."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def places(place: str) -> list[tuple[str, str]]:
    """Return every operation with each of its parameters in a place, such as the path."""
    return [(operation.id, name) for operation in OPERATIONS.values() for name in operation.parameters[place]]


def share_of(position: int, way: str, share: str) -> list[str]:
    """Return all tricks, or a rotating selection that tries each trick on several parameters."""
    every = 1 if share == "all" else 5 if way == "sync" else 11
    return list(TRICKS.values())[position % every :: every]


SHARES = ["some", pytest.param("all", marks=pytest.mark.proof)]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("operation", "parameter"), places("path"))
def test_a_path_parameter_is_one_segment(stub: Stub, operation: str, parameter: str, way: str, share: str) -> None:
    """Each argument is one segment of one request and decodes to its value, or nothing is sent."""
    template = OPERATIONS[operation].template
    position = template.split("/").index(f"{{{parameter}}}")
    for trick in share_of(places("path").index((operation, parameter)), way, share):
        error = stub.send(way, lambda trick=trick: described(operation, **{parameter: trick}))  # type: ignore[misc]
        if error is not None:
            assert (type(error), stub.server.requests) == (InvalidArgumentError, [])
            continue
        method, target, _ = stub.head()
        segments = target.partition("?")[0].split("/")
        assert (method, len(segments)) == (OPERATIONS[operation].method, template.count("/") + 1)
        assert unquote(segments[position], errors="strict") == trick


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("operation", "parameter"), places("query"))
def test_a_query_parameter_is_one_value(stub: Stub, operation: str, parameter: str, way: str, share: str) -> None:
    """Each argument is one query value and decodes to its value, or nothing is sent."""
    for trick in share_of(places("query").index((operation, parameter)), way, share):
        error = stub.send(way, lambda trick=trick: described(operation, **{parameter: trick}))  # type: ignore[misc]
        if error is not None:
            assert (type(error), stub.server.requests) == (InvalidArgumentError, [])
            continue
        path, _, query = stub.head()[1].partition("?")
        values = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
        assert path.count("/") == OPERATIONS[operation].template.count("/")
        assert [value for name, value in values if name == parameter] == [trick]
        assert "injected" not in {name for name, _ in values}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("trick", TRICKS)
def test_a_header_is_one_line(stub: Stub, way: str, trick: str) -> None:
    """Header names, header values and idempotency keys are sent unchanged on one line, or rejected."""
    text = TRICKS[trick]
    for call, headers in (
        (calls.get_me(), {"X-Team": text}),
        (calls.get_me(), {text: "blue"}),
        (calls.send_message("a", body={}, idempotency_key=text), None),
        (Call.build("GET", "/me", headers={"X-Team": text}), None),
    ):
        error = stub.send(way, lambda call=call: call, headers)  # type: ignore[misc]
        if error is None:
            assert text in {*stub.head()[2].values(), *stub.head()[2]}
        else:
            assert (type(error), stub.server.requests) == (InvalidArgumentError, [])


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "TRAILER"])
@pytest.mark.parametrize("value", ["0", "5", "chunked"])
def test_headers_that_frame_a_request_are_rejected(stub: Stub, name: str, value: str) -> None:
    """Headers that could split a request are rejected."""
    for way in WAYS:
        error = stub.send(way, lambda: calls.send_message("a", body={"text": "b"}), {name: value})
        assert (type(error), stub.server.requests) == (InvalidArgumentError, [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("trick", [*TRICKS, "quote", "quote and more"])
def test_a_files_name_and_type_stay_in_their_part(stub: Stub, way: str, trick: str) -> None:
    """A file's name and type stay on one line of one part, or nothing is sent."""
    text = {**TRICKS, "quote": 'a".png', "quote and more": 'a"; name="injected'}[trick]
    for file in (File(b"x", text, "image/png"), File(b"x", "a.png", text)):
        error = stub.send(way, lambda file=file: calls.set_group_icon("grp_1", body={"icon": file}))  # type: ignore[misc]
        if error is not None:
            assert (type(error), stub.server.requests) == (InvalidArgumentError, [])
            continue
        assert stub.head()[0] == "POST"
        part = stub.server.requests[0].partition(b"\r\n\r\n")[2]
        lines = part.split(b"\r\n\r\nx\r\n")[0].split(b"\r\n")
        assert [line.partition(b":")[0].lower() for line in lines[1:]] == [b"content-disposition", b"content-type"]
        assert lines[1].count(b'"') == 4


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET /x HTTP/1.1\r\nX-Injected: 1\r\n\r\nGET", "/me"),
        ("GET ", "/me"),
        ("", "/me"),
        ("GÉT", "/me"),
        ("CONNECT", "/me"),  # would look like the greeting of a proxy, before which nothing was sent
        *(
            ("GET", f"/me{trick}")
            for name, trick in TRICKS.items()
            if name in {"line break", "NUL", "query", "fragment"}
        ),
        *(
            ("GET", path)
            for path in ("me", "", "/../me", "/a/..", "/%2e%2E/a", "/a/%2e", "/%zz", "/é", "/a b", "/a\\b", "/\ud800")
        ),
        ("GET", "/" + "a" * 65_536),
    ],
)
def test_a_call_built_by_hand_is_one_line(stub: Stub, method: str, path: str) -> None:
    """An invalid method or path is rejected, however the call was built."""
    whole = attrs.evolve(calls.get_me(), method=method, path=path)
    for call in (lambda: Call.build(method, path), lambda: whole):
        assert isinstance(stub.send("sync", call), InvalidArgumentError)
        assert stub.server.requests == []


def test_every_parameter_is_tried() -> None:
    """All path and query parameters of the document are tested; its only header is the idempotency key."""
    assert (len(places("path")), len(places("query"))) > (40, 20)
    assert {name for _, name in places("header")} == {"Idempotency-Key"}
    assert set(FUNCTIONS) == set(OPERATIONS)
