"""Validation and routing of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blooio_sandbox import Sandbox
from blooio_sandbox.api.document import load_operations
from blooio_sandbox.api.handlers import HANDLERS, REPLAY

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

CHAT = "/chats/%2B15551234567"


def test_every_operation_has_a_handler() -> None:
    """Every operation has a handler, and every handler an operation."""
    documented = {operation.id for operation in load_operations()}

    assert sorted(documented - {*HANDLERS, REPLAY}) == [], "operations without a handler in HANDLERS"
    assert sorted({*HANDLERS, REPLAY} - documented) == [], "handlers for operations that no longer exist"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (f"{CHAT}/messages", {"text": 1}, "/text"),
        (f"{CHAT}/messages", {"text": ["a", 1]}, "/text/1"),
        (f"{CHAT}/messages", {"text": "a", "attachments": [{"name": "a"}]}, "/attachments/0/url"),
        (
            f"{CHAT}/messages",
            {"text": "https://example.com", "link_preview": {"title": "x" * 201}},
            "/link_preview/title",
        ),
        (f"{CHAT}/messages/-1/reactions", {}, "/reaction"),
        (f"{CHAT}/messages/-1/reactions", {"reaction": "+love", "direction": "up"}, "/direction"),
        (f"{CHAT}/polls", {"options": ["one"]}, "/options"),
        ("/webhooks", {"webhook_url": "no url"}, "/webhook_url"),
        ("/webhooks", {"webhook_url": "https://example.com", "valid_until": 2**70}, "/valid_until"),
        ("/contacts", [], "/"),
    ],
)
def test_an_invalid_body_is_rejected(api: httpx.Client, path: str, body: object, pointer: str) -> None:
    """An invalid body gets a 400 with a pointer to the problem."""
    response = api.post(path, json=body)

    error = response.json()
    assert (response.status_code, error["error"], error["status"]) == (400, "ApiError", 400)
    assert error["code"] == "invalid_request"
    assert f"at {pointer}:" in error["message"]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b'{"text": NaN}', "application/json"),
        (b'{"text": "\\ud800"}', "application/json"),
        (b'{"text": "\xff"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"[" * 500 + b"]" * 500, "application/json"),
        (b'{"text": ' + b"[" * 500 + b"]" * 500 + b"}", "application/json"),
        (b'{"text": "Hello"}', "text/plain"),
        (b"text=Hello", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_not_json_is_rejected(api: httpx.Client, content: bytes, content_type: str) -> None:
    """A body that is missing, broken or of another type gets 400."""
    response = api.post(f"{CHAT}/messages", content=content, headers={"Content-Type": content_type})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


def test_unknown_fields_are_accepted(api: httpx.Client, sandbox: Sandbox) -> None:
    """Unknown fields are accepted, since the real API has undocumented ones."""
    assert api.post(f"{CHAT}/messages", json={"text": "Hello", "effect": "confetti"}).status_code == 202
    assert sandbox.requests[-1].body["effect"] == "confetti"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=", "offset=-1", "sort=up", "direction=up", "limit=1&limit=2"]
)
def test_an_invalid_query_is_rejected(api: httpx.Client, query: str) -> None:
    """An invalid query gets a 400 that names the parameter."""
    response = api.get(f"{CHAT}/messages?{query}")

    assert response.status_code == 400
    assert f"parameter {query.partition('=')[0]}:" in response.json()["message"]


def test_a_missing_query_parameter_is_rejected(api: httpx.Client) -> None:
    """A lookup without a number is rejected."""
    assert api.get("/phone-numbers/lookup").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/facetime/calls", {"handle": "+15551234567"}),
        ("GET", "/me/numbers/%2B15550100001/contact-card", None),
        ("POST", "/groups/grp_1/members", {"contact_id": "+15551234567"}),
        ("DELETE", "/groups/grp_1/members/%2B15551234567", None),
    ],
)
def test_announced_operations_are_coming_soon(api: httpx.Client, method: str, path: str, body: object) -> None:
    """The four announced operations get 501, as on the real service."""
    response = api.request(method, path, json=body)

    assert (response.status_code, response.json()["error"]) == (501, "Coming soon")


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "Missing API key or ID token"),
        ("Basic x", "Missing API key or ID token"),
        ("Bearer wrong", "Invalid API key"),
    ],
)
def test_a_request_without_the_key_is_unauthorized(api: httpx.Client, authorization: str, message: str) -> None:
    """Only the sandbox's key, as a bearer token, is accepted."""
    response = api.get("/me", headers={"Authorization": authorization})

    assert response.status_code == 401
    assert response.json() == {"error": "ApiError", "message": message, "status": 401}


def test_unknown_paths_and_methods_are_rejected(api: httpx.Client) -> None:
    """An undocumented path is a 404, and an undocumented method is a 405."""
    assert api.get("/nowhere").status_code == 404
    assert api.get("/chats//messages").status_code == 404
    assert api.put("/me", json={}).status_code == 405
    assert api.get(str(api.base_url).replace("/v2/api", "/elsewhere")).status_code == 404


def test_a_raw_plus_is_a_space(api: httpx.Client, sandbox: Sandbox) -> None:
    """A raw plus in a path is a 404 with a hint, and a percent-encoded one works."""
    sandbox.phone("+15551234567").sends("Hello")
    response = api.get("/chats/+15551234567")

    assert response.status_code == 404
    assert "%2B" in response.json()["message"]
    assert api.get(CHAT).status_code == 200
    assert sandbox.requests[0].raw_path == "/v2/api/chats/+15551234567"


def test_lenient_encoding_reads_a_raw_plus(connect: Callable[[Sandbox], httpx.Client]) -> None:
    """With lenient encoding, a raw plus works."""
    with Sandbox(lenient_encoding=True) as lenient:
        lenient.phone("+15551234567").sends("Hello")

        assert connect(lenient).get("/chats/+15551234567").status_code == 200


def test_an_encoded_slash_stays_in_its_segment(api: httpx.Client, sandbox: Sandbox) -> None:
    """Paths are split first, then decoded once."""
    api.post("/contacts", json={"identifier": "+15551234567"})
    api.post("/contacts/%2B15551234567/tags", json={"tags": ["a/b", "50%25", "two words"]})

    assert api.delete("/contacts/%2B15551234567/tags/a%2Fb").status_code == 200
    assert api.delete("/contacts/%2B15551234567/tags/50%2525").status_code == 200
    assert api.delete("/contacts/%2B15551234567/tags/two+words").status_code == 200
    assert sandbox.requests[2].ids == {"contactId": "+15551234567", "tag": "a/b"}


def test_an_id_that_is_not_utf_8_is_rejected(api: httpx.Client) -> None:
    """An id that is not UTF-8 is rejected."""
    assert api.get("/chats/%FF").status_code == 400


def test_documented_id_patterns_are_not_enforced(api: httpx.Client) -> None:
    """Unknown ids with dashes, which the documented patterns forbid, are a 404 rather than a 400."""
    assert api.get("/groups/grp_00000000-0000").status_code == 404
    assert api.get("/webhooks/wh_00000000-0000").status_code == 404
