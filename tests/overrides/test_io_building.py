"""A request in the form that the wire, or a user's own client, takes; nothing here is sent."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, cast

import httpx
import pytest

from blooio_client.types import File
from blooio_overrides._call.request import Request
from blooio_overrides._call.retries import Deadline
from blooio_overrides._io.building import Address, build_with, starts_at_once, wire_request
from blooio_overrides._io.limits import limits_of

BASE = "https://api.example/v2"


def request(files: dict[str, File] | None = None, content: bytes | None = b"{}") -> Request:
    """A request that is never sent."""
    return Request("POST", "/chats/%2B15551234567", {"x-a": "b"}, content, files)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.example", (b"https", b"api.example", None, b"api.example", b"")),
        ("https://API.example:443/v2/api", (b"https", b"api.example", None, b"api.example", b"/v2/api")),
        ("http://127.0.0.1:8787", (b"http", b"127.0.0.1", 8787, b"127.0.0.1:8787", b"")),
        ("http://localhost:80", (b"http", b"localhost", None, b"localhost", b"")),
        ("https://[::1]:8443/a", (b"https", b"::1", 8443, b"[::1]:8443", b"/a")),
        ("https://[::1]", (b"https", b"::1", None, b"[::1]", b"")),
        ("https://api.example/a%20b", (b"https", b"api.example", None, b"api.example", b"/a%20b")),
    ],
)
def test_the_parts_of_a_base_url(url: str, expected: tuple[object, ...]) -> None:
    """A base URL is taken apart as httpx does it."""
    address = Address.of(url)
    known = httpx.URL(url)

    assert (address.scheme, address.host, address.port, address.authority, address.prefix) == expected
    assert (known.raw_scheme, known.raw_host, known.port, known.netloc) == expected[:4]
    assert known.raw_path.rstrip(b"/") == expected[4]


def test_a_request_on_the_wire() -> None:
    """What goes over the wire is what was built, with its limits, its id encoded once, its length told."""
    made = wire_request(request(), Address.of(BASE), limits_of(Deadline(30.0, 2)))

    assert (made.method, bytes(made.url)) == (b"POST", b"https://api.example/v2/chats/%2B15551234567")
    assert made.headers == [(b"host", b"api.example"), (b"x-a", b"b"), (b"content-length", b"2")]
    extensions = cast("dict[str, Any]", made.extensions)  # pyright: ignore[reportUnknownMemberType]
    assert extensions == {"timeout": {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 10.0}}


@pytest.mark.parametrize(
    ("method", "content", "expected"),
    [
        ("GET", None, []),
        ("DELETE", None, []),
        ("DELETE", b"{}", [b"2"]),
        ("POST", None, [b"0"]),
        ("PUT", None, [b"0"]),
        ("PATCH", b"{}", [b"2"]),
    ],
)
def test_the_length_of_a_body_is_told(method: str, content: bytes | None, expected: list[bytes]) -> None:
    """A server knows where the body ends, and that there is none where one could be."""
    asked = Request(method, "/me", {}, content, None)
    made = wire_request(asked, Address.of(BASE), limits_of(Deadline(30.0, 2)))

    assert [value for name, value in made.headers if name == b"content-length"] == expected


def test_a_request_of_a_users_own_client() -> None:
    """A user's own client builds the same request, with its own headers."""
    with httpx.Client(headers={"x-own": "c"}) as client:
        made: httpx.Request = build_with(client, BASE, request(), limits_of(Deadline(30.0, 2)))

    assert (made.method, made.url.raw_path, made.content) == ("POST", b"/v2/chats/%2B15551234567", b"{}")
    assert (made.headers["x-a"], made.headers["x-own"]) == ("b", "c")
    extensions = made.extensions
    assert extensions == {"timeout": {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 10.0}}


@pytest.mark.parametrize("mime_type", ["image/jpeg", None])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_file_is_sent_whole_each_time(mime_type: str | None, as_file: bool) -> None:
    """A file goes out with its name and type, in full at every attempt, and its time begins with its last byte."""
    payload = io.BytesIO(b"canary") if as_file else b"canary"
    asked = request({"icon": File(payload, "a.jpg", mime_type)}, content=None)
    for _ in range(2):
        limits = limits_of(Deadline(30.0, 2))
        made = wire_request(asked, Address.of(BASE), limits)
        begun = [limits.ends_at is not None]
        body = b"".join(cast("Iterable[bytes]", made.stream))
        begun.append(limits.ends_at is not None)

        assert b'name="icon"; filename="a.jpg"' in body
        assert b"Content-Type: image/jpeg" in body
        assert b"\r\n\r\ncanary\r\n" in body
        assert (b"Content-Length", b"%d" % len(body)) in made.headers
        assert [value for name, value in made.headers if name.lower() == b"host"] == [b"api.example"]
        assert begun == [False, as_file]
    assert starts_at_once(asked) is not as_file


def test_a_request_without_files_starts_at_once() -> None:
    """Where nothing is uploaded, the time runs from the beginning."""
    assert starts_at_once(request())
