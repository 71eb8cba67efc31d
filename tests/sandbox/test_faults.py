"""Injected faults, and the ledger of requests."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from waiting import wait_until

if TYPE_CHECKING:
    from blooio_sandbox import Sandbox

CHAT = "/chats/%2B15551234567/messages"


def test_the_next_requests_fail(api: httpx.Client, sandbox: Sandbox) -> None:
    """The requested number of requests fails, and none of them is carried out."""
    sandbox.fail_next(503, times=2, code="busy", message="Try later", retry_after=7)
    responses = [api.post(CHAT, json={"text": "Hello"}) for _ in range(3)]

    assert [response.status_code for response in responses] == [503, 503, 202]
    assert responses[0].headers["retry-after"] == "7"
    assert responses[0].json() == {"error": "ApiError", "message": "Try later", "status": 503, "code": "busy"}
    assert len(sandbox.messages) == 1


def test_only_one_operation_fails(api: httpx.Client, sandbox: Sandbox) -> None:
    """A fault for an operation waits for that operation."""
    sandbox.fail_next(429, operation="sendMessage")

    assert api.get("/me").status_code == 200
    assert api.post(CHAT, json={"text": "Hello"}).status_code == 429
    assert api.post(CHAT, json={"text": "Hello"}).status_code == 202


def test_a_failure_after_processing(api: httpx.Client, sandbox: Sandbox) -> None:
    """The message is accepted, the client gets 502, and a retry with the same key returns the ids."""
    sandbox.fail_next(502, after_processing=True)
    responses = [api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"}) for _ in range(2)]

    assert [response.status_code for response in responses] == [502, 200]
    assert len(sandbox.messages) == 1


def test_a_failure_may_be_html_or_a_redirect(api: httpx.Client, sandbox: Sandbox) -> None:
    """The body and headers of a failure can be set."""
    sandbox.fail_next(502, body="<h1>Bad gateway</h1>")
    sandbox.fail_next(302, body="", headers={"location": "http://127.0.0.1:1/"})
    page, redirect = api.get("/me"), api.get("/me")

    assert (page.status_code, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert page.text == "<h1>Bad gateway</h1>"
    assert redirect.headers["location"] == "http://127.0.0.1:1/"
    assert sandbox.requests[0].response == "<h1>Bad gateway</h1>"


@pytest.mark.parametrize(("after_processing", "messages"), [(False, 0), (True, 1)])
def test_a_connection_breaks(api: httpx.Client, sandbox: Sandbox, after_processing: bool, messages: int) -> None:
    """The client gets no response, whether or not the message was accepted."""
    sandbox.drop_next(after_processing=after_processing)

    with pytest.raises(httpx.RemoteProtocolError):
        api.post(CHAT, json={"text": "Hello"})
    assert sandbox.requests[0].status is None
    assert len(sandbox.messages) == messages
    assert api.get("/me").status_code == 200


def test_a_delayed_response(api: httpx.Client, sandbox: Sandbox) -> None:
    """A delayed request is recorded at once and gets its response later; others are not delayed."""
    sandbox.delay_next(60, operation="getMe")

    with socket.create_connection((api.base_url.host, api.base_url.port)) as waiting:
        waiting.sendall(b"GET /v2/api/me HTTP/1.1\r\nhost: x\r\n\r\n")
        wait_until(lambda: bool(sandbox.requests))
        api.get("/contacts")
        assert [(each.operation, each.status) for each in sandbox.requests] == [("getMe", None), ("listContacts", 200)]


def test_a_short_delay_ends_in_a_response(api: httpx.Client, sandbox: Sandbox) -> None:
    """After a short delay, the request is carried out."""
    sandbox.delay_next(0.001)

    assert api.get("/me").status_code == 200


def test_a_probable_failure_is_reproducible(api: httpx.Client, sandbox: Sandbox) -> None:
    """With a probability, the seed selects which requests fail, until a reset."""

    def statuses(seed: int) -> list[int]:
        sandbox.reset()
        sandbox.fail_next(503, times=None, probability=0.3, seed=seed)
        return [api.get("/me").status_code for _ in range(40)]

    first = statuses(seed=1)

    assert first == statuses(seed=1)
    assert first != statuses(seed=2)
    assert 4 <= first.count(503) <= 20


def test_a_probable_failure_happens_as_often_as_requested(api: httpx.Client, sandbox: Sandbox) -> None:
    """With a probability, only requests that fail count towards `times`."""
    sandbox.fail_next(503, times=2, probability=0.3, seed=1)

    assert [api.get("/me").status_code for _ in range(40)].count(503) == 2


def test_probable_drops_and_delays(api: httpx.Client, sandbox: Sandbox) -> None:
    """Drops and delays also accept a probability."""
    sandbox.drop_next(probability=1e-9, seed=3)
    sandbox.delay_next(60, probability=1e-9, seed=3)

    assert api.get("/me").status_code == 200


def test_a_failure_may_have_no_body(api: httpx.Client, sandbox: Sandbox) -> None:
    """A failure whose status has no body is sent without one."""
    sandbox.fail_next(304, headers={"Content-Type": "text/plain"})
    response = api.get("/me")

    assert (response.status_code, response.content, response.headers["content-type"]) == (304, b"", "text/plain")


@pytest.mark.parametrize("arguments", [{"times": 0}, {"status": 99}, {"probability": 0}, {"probability": 1.5}])
def test_an_invalid_fault_raises(sandbox: Sandbox, arguments: dict[str, Any]) -> None:
    """An invalid argument raises an error that names it."""
    with pytest.raises(ValueError, match=next(iter(arguments))):
        sandbox.fail_next(**arguments)
    with pytest.raises(ValueError, match="delay"):
        sandbox.delay_next(-1)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"status": 503.0}, "status must be"),
        ({"operation": "send_message"}, "such as 'sendMessage', not 'send_message'"),
        ({"operation": ""}, "operation must be a known name such as "),
        ({"headers": {"Content-Length": "5"}}, "Content-Length"),
        ({"headers": {"transfer-encoding": "chunked"}}, "transfer-encoding"),
        ({"headers": {"x y": "1"}}, "'x y'"),
        ({"headers": {"": "1"}}, "''"),
        ({"headers": {"location": "a\r\nb"}}, "location"),
        ({"headers": {"location": " a"}}, "location"),
        ({"retry_after": "später"}, "retry-after"),
        ({"body": "\ud83d"}, "surrogates"),
    ],
)
def test_a_fault_that_cannot_happen_raises(sandbox: Sandbox, arguments: dict[str, Any], problem: str) -> None:
    """A fault of no operation, or a response that cannot be sent, raises an error at once."""
    with pytest.raises(ValueError, match=re.escape(problem)):
        sandbox.fail_next(**arguments)


def test_faults_of_no_operation_raise(sandbox: Sandbox) -> None:
    """Drops and delays also need the name of an operation."""
    with pytest.raises(ValueError, match="such as 'getMe', not 'getme'"):
        sandbox.drop_next(operation="getme")
    with pytest.raises(ValueError, match="such as 'getMe', not 'getme'"):
        sandbox.delay_next(1, operation="getme")


def test_requests_are_recorded_as_received(api: httpx.Client, sandbox: Sandbox) -> None:
    """Path, ids, key, body and response of a request are recorded, and the API key is masked."""
    api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "order-1"})
    (request,) = sandbox.requests

    assert (request.method, request.raw_path) == ("POST", "/v2/api/chats/%2B15551234567/messages")
    assert (request.operation, dict(request.ids)) == ("sendMessage", {"chatId": "+15551234567"})
    assert (request.idempotency_key, request.body) == ("order-1", {"text": "Hello"})
    assert (request.status, request.response["status"]) == (202, "queued")
    assert request.headers["authorization"] == "Bearer ***"
    assert sandbox.api_key not in repr(request)


@pytest.mark.parametrize(
    ("keys", "is_fine"),
    [
        (("order-1", "order-1"), True),
        (("order-1", "order-2"), True),
        ((None, None), False),
        (("order-1", None), False),
        (("order-1", "3f0e1a52-9b7c-4d5e-8f10-1a2b3c4d5e6f"), False),
        (("3f0e1a52-9b7c-4d5e-8f10-1a2b3c4d5e6f", "7b1d2c3e-0000-4d5e-8f10-1a2b3c4d5e6f"), False),
    ],
)
def test_duplicates_are_found(api: httpx.Client, sandbox: Sandbox, keys: tuple[str | None, ...], is_fine: bool) -> None:
    """The same message to the same chat is a duplicate, unless both have keys chosen by the caller."""
    for key in keys:
        api.post(CHAT, json={"text": "Hello"}, headers={} if key is None else {"Idempotency-Key": key})

    if is_fine:
        sandbox.assert_no_duplicates()
    else:
        with pytest.raises(AssertionError, match="accepted twice"):
            sandbox.assert_no_duplicates()


@pytest.mark.parametrize("second", [{"text": "Bye"}, {"text": "Hello", "attachments": ["https://example.com/a.jpg"]}])
def test_different_messages_are_not_duplicates(api: httpx.Client, sandbox: Sandbox, second: dict[str, Any]) -> None:
    """A message with another text, attachment or chat is not a duplicate."""
    api.post(CHAT, json={"text": "Hello"})
    api.post(CHAT, json=second)
    api.post("/chats/%2B15557654321/messages", json={"text": "Hello"})

    sandbox.assert_no_duplicates()


def test_sent_messages_are_found(api: httpx.Client, sandbox: Sandbox) -> None:
    """`assert_sent` returns the latest matching message, and fails without one."""
    api.post(CHAT, json={"text": "Hello"})

    assert sandbox.assert_sent(text="Hello", to="+15551234567") == sandbox.messages[0]
    with pytest.raises(AssertionError, match="'Bye'"):
        sandbox.assert_sent(text="Bye")
