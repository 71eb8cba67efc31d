"""The control API, for tests in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Generator

CHAT = "/chats/%2B15551234567/messages"
PHONE = "/phones/%2B15551234567"


_REFUSED: list[tuple[str, Any, int, str]] = [
    ("/fail_next", {"status": "503"}, 400, "/status"),
    ("/fail_next", {"status": 99}, 400, "status"),
    ("/fail_next", {"headers": {"location": "a\r\nb"}}, 400, "/headers/location"),
    ("/fail_next", {"probability": 2}, 400, "probability"),
    ("/fail_next", {"stauts": 503}, 400, "stauts"),
    ("/fail_next", {"status": 503.0}, 400, "status"),
    ("/disturb_deliveries", {"copies": 2.0}, 400, "copies"),
    (f"{PHONE}/shares_location", {"latitude": 10**30, "longitude": 0}, 400, "latitude"),
    (f"{PHONE}/shares_location", {"latitude": 0, "longitude": 181}, 400, "longitude"),
    (f"{PHONE}/sends", {"attachments": ["cat.png"]}, 400, "attachments"),
    ("/advance", {}, 400, "/seconds"),
    ("/advance", {"seconds": -1}, 400, "forward"),
    ("/advance", {"seconds": 1e300}, 400, "seconds"),
    ("/delay_next", {"seconds": 1e300}, 400, "delay"),
    ("/advance", [], 400, "/"),
    ("/seed", {"contacts": [{}]}, 400, "/contacts/0/identifier"),
    (f"{PHONE}/votes", {"option": "yes"}, 404, "Poll not found"),
    (f"{PHONE}/reacts", {"reaction": "love"}, 404, "no message"),
    (f"{PHONE}/reacts", {"reaction": "+love"}, 404, "no message"),
    (f"{PHONE}/sends", {}, 400, "text"),
    ("/phones/5551234567/sends", {"text": "Hi"}, 400, "E.164"),
    (f"{PHONE}/sends", {"text": "Hi", "group": "grp_unknown"}, 404, "grp_unknown"),
    ("/phones", {}, 404, "phones"),
    ("/requests", {}, 405, "GET"),
]


@pytest.fixture
def control(sandbox: Sandbox) -> Generator[httpx.Client]:
    """A client for the control API, without a key."""
    base_url = sandbox.base_url.replace("/v2/api", "/_sandbox")
    with httpx.Client(base_url=base_url, trust_env=False, timeout=60.0) as client:
        yield client


def test_the_root(control: httpx.Client, sandbox: Sandbox) -> None:
    """The root returns the base URL, the key and the numbers."""
    assert control.get("").json() == {
        "base_url": sandbox.base_url,
        "api_key": sandbox.api_key,
        "number": sandbox.number,
        "numbers": list(sandbox.numbers),
        "now": sandbox.now,
    }


def test_phones(control: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Every action of a phone works over HTTP."""
    sent = control.post(f"{PHONE}/sends", json={"text": "Hi", "attachments": ["https://example.com/a.jpg"]}).json()
    reacted = control.post(f"{PHONE}/reacts", json={"reaction": "love", "message": -1, "direction": "inbound"}).json()
    taken_back = control.post(f"{PHONE}/unreacts", json={"reaction": "love"}).json()
    api.post(CHAT, json={"text": "Hello"})
    poll = api.post("/chats/%2B15551234567/polls", json={"options": ["yes", "no"]}).json()["poll_id"]
    for action, arguments in [
        ("reads", {}),
        ("types", {}),
        ("stops_typing", {}),
        ("votes", {"option": "yes"}),
        ("uses", {"protocol": "sms", "online": False}),
        ("shares_location", {"latitude": 1, "longitude": 2}),
    ]:
        response = control.post(f"{PHONE}/{action}", json=arguments)
        assert (response.status_code, response.json()) == (200, {})
    messages = control.get(f"{PHONE}/messages").json()["messages"]

    assert (sent["text"], sent["direction"], reacted["reactions"], taken_back["reactions"]) == (
        "Hi",
        "inbound",
        ["love"],
        [],
    )
    assert [(message["text"], message["status"]) for message in messages] == [("Hi", "received"), ("Hello", "read")]
    assert api.get(f"/chats/%2B15551234567/polls/{poll}").json()["total_votes"] == 1
    assert api.get("/contacts/%2B15551234567/capabilities").json()["capabilities"]["imessage"] is False
    assert api.get("/location/contacts/%2B15551234567").json()["coordinates"] == [1, 2]
    assert sandbox.requests[0].operation == "sendMessage"


def test_faults(control: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Faults can be added and removed."""
    control.post("/fail_next", json={"status": 429, "code": "outbound_limit_reached", "retry_after": 7})
    control.post("/drop_next", json={"operation": "getMe"})
    control.post("/delay_next", json={"seconds": 0.001, "times": None})
    failed = api.post(CHAT, json={"text": "Hello"})
    with pytest.raises(httpx.RemoteProtocolError):
        api.get("/me")
    late = api.get("/me")
    control.post("/fail_next", json={"times": None})
    control.post("/stop_failing")

    assert (failed.status_code, failed.json()["code"], failed.headers["retry-after"]) == (
        429,
        "outbound_limit_reached",
        "7",
    )
    assert [late.status_code, api.get("/me").status_code] == [200, 200]
    assert len(sandbox.requests) == 4


def test_the_clock(control: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Advancing the clock changes statuses."""
    api.post(CHAT, json={"text": "Hello"})
    now = control.post("/advance", json={"seconds": 2}).json()["now"]

    assert now == sandbox.now
    assert [message["status"] for message in control.get("/messages").json()["messages"]] == ["delivered"]


def test_requests_are_returned(control: httpx.Client, api: httpx.Client) -> None:
    """Requests are returned as received, even with lone surrogates, and duplicates are found."""
    for _ in range(2):
        api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "7b1d2c3e-0000-4d5e-8f10-1a2b3c4d5e6f"})
        api.post(CHAT, json={"text": "Bye"})
    api.post(CHAT, content=b'{"text": "\\ud800"}', headers={"Content-Type": "application/json"})
    api.post(CHAT, content=b'{"text": NaN}', headers={"Content-Type": "application/json"})
    requests = control.get("/requests").json()["requests"]

    assert requests[0]["raw_path"] == f"/v2/api{CHAT}"
    assert requests[0]["ids"] == {"chatId": "+15551234567"}
    assert requests[0]["idempotency_key"] == "7b1d2c3e-0000-4d5e-8f10-1a2b3c4d5e6f"
    assert requests[0]["headers"]["authorization"] == "Bearer ***"
    assert [request["status"] for request in requests] == [202, 202, 200, 202, 400, 400]
    assert requests[4]["body"] == {"text": "\ud800"}
    assert requests[5]["body"] is None
    assert len(control.get("/duplicates").json()["duplicates"]) == 1


def test_deliveries(control: httpx.Client, sandbox: Sandbox) -> None:
    """A test can poll until no delivery is due."""
    control.post("/disturb_deliveries", json={"copies": 2, "event": "message.received"})
    control.post("/seed", json={"webhooks": [{"url": "http://127.0.0.1:1/hook"}]})
    control.post(f"{PHONE}/sends", json={"text": "Hi"})
    sandbox.wait_for_deliveries()

    assert control.get("/deliveries").json() == {"idle": True}
    assert list(sandbox.webhook_secrets) == ["http://127.0.0.1:1/hook"]


def test_a_reset(control: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """A reset clears everything."""
    api.post(CHAT, json={"text": "Hello"})
    control.post("/reset")

    assert (sandbox.messages, sandbox.requests) == ([], [])


@pytest.mark.parametrize(("path", "arguments", "status", "problem"), _REFUSED)
def test_errors(control: httpx.Client, path: str, arguments: Any, status: int, problem: str) -> None:
    """Errors have the format of the API and say what is wrong."""
    response = control.post(path, json=arguments)

    assert (response.status_code, response.json()["status"]) == (status, status)
    assert problem in response.json()["message"]


@pytest.mark.parametrize(("position", "status"), [("9" * 30, 200), ("0", 200), ("-" + "9" * 30, 200), ("x", 400)])
def test_any_position_in_a_chat(control: httpx.Client, sandbox: Sandbox, position: str, status: int) -> None:
    """A position far beyond the messages of a chat is like any other."""
    sandbox.phone("+15551234567").sends("Hi")

    assert control.get(f"/chats/%2B15551234567/messages/{position}").status_code == status


def test_a_body_that_is_not_json(control: httpx.Client) -> None:
    """A body that is not JSON is rejected."""
    assert control.post("/advance", content=b"{").status_code == 400


def test_other_paths(control: httpx.Client, sandbox: Sandbox) -> None:
    """A path that merely starts with the same letters belongs to the API, and is recorded."""
    assert control.get(f"{str(control.base_url).rstrip('/')}requests").status_code == 401
    assert [request.raw_path for request in sandbox.requests] == ["/_sandboxrequests"]
