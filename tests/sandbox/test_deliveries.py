"""Webhook deliveries: signed, retried, logged and replayed."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Response

from blooio_client import webhooks
from blooio_sandbox import Sandbox
from blooio_sandbox.deliveries import deliverer
from blooio_sandbox.deliveries.deliverer import next_wait

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from pytest_httpserver import HTTPServer
    from werkzeug import Request

CHAT = "/chats/%2B15551234567"


class Receiver:
    """A webhook receiver that records requests and responds as configured."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hook")
        self.statuses: list[int] = []
        self.requests: list[Request] = []
        server.expect_request("/hook").respond_with_handler(self._answer)

    @property
    def bodies(self) -> list[Any]:
        """The parsed bodies."""
        return [json.loads(request.data) for request in self.requests]

    @property
    def events(self) -> list[str]:
        """The names of the events."""
        return [body["event"] for body in self.bodies]

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        return Response('{"ok": true}', status, content_type="application/json")


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    """A webhook on loopback."""
    return Receiver(httpserver)


def _subscribe(api: httpx.Client, url: str, webhook_type: str = "all") -> dict[str, Any]:
    webhook: dict[str, Any] = api.post("/webhooks", json={"webhook_url": url, "webhook_type": webhook_type}).json()
    return webhook


def _is_signed(request: Request, secret: str) -> bool:
    stamp, signature = (part.partition("=")[2] for part in request.headers["X-Blooio-Signature"].split(","))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + request.data, hashlib.sha256).hexdigest()
    return hmac.compare_digest(digest, signature)


def test_a_message_sends_events(
    api: httpx.Client, sandbox: Sandbox, receiver: Receiver, check_event: Callable[[Any], None]
) -> None:
    """Queued, sent and delivered arrive in order as the clock advances, each with a valid signature."""
    secret = _subscribe(api, receiver.url)["signing_secret"]
    message_id = api.post(f"{CHAT}/messages", json={"text": "Hello"}).json()["message_id"]
    for _ in range(3):
        sandbox.wait_for_deliveries()
        sandbox.advance(seconds=1)

    assert receiver.events == ["message.queued", "message.sent", "message.delivered"]
    assert all(_is_signed(request, secret) for request in receiver.requests)
    assert {request.headers["X-Blooio-Message-Id"] for request in receiver.requests} == {message_id}
    assert [request.headers["X-Blooio-Event"] for request in receiver.requests] == receiver.events
    assert {request.headers["Content-Type"] for request in receiver.requests} == {"application/json"}
    for body in receiver.bodies:
        check_event(body)
        assert (body["external_id"], body["internal_id"]) == ("+15551234567", sandbox.number)


def test_incoming_messages_and_reactions_arrive(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Actions of a phone reach the webhook with flat bodies, as in version 2."""
    _subscribe(api, receiver.url)
    phone = sandbox.phone("+15551234567")
    phone.sends("Hi", attachments=["https://example.com/a.jpg"])
    phone.reacts("love")
    sandbox.wait_for_deliveries()
    received, reaction = receiver.bodies

    assert (received["event"], received["text"], received["sender"]) == ("message.received", "Hi", "+15551234567")
    assert received["attachments"] == [{"url": "https://example.com/a.jpg", "name": None}]
    assert (received["is_group"], received["received_at"]) == (False, received["timestamp"])
    assert (reaction["event"], reaction["reaction"], reaction["action"]) == ("message.reaction", "love", "add")
    assert (reaction["message_id"], reaction["direction"]) == (received["message_id"], "inbound")
    assert reaction["original_text"] == "Hi"


def test_group_events(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Events of a group have its id, name and participants."""
    group = api.post("/groups", json={"name": "Team", "members": ["+15551234567", "ann@example.com"]}).json()
    _subscribe(api, receiver.url)
    sandbox.phone("ann@example.com").sends("Hi", group=group["group_id"])
    sandbox.wait_for_deliveries()
    (body,) = receiver.bodies

    assert (body["external_id"], body["group_name"], body["sender"]) == (group["group_id"], "Team", "ann@example.com")
    assert [each["identifier"] for each in body["participants"]] == ["+15551234567", "ann@example.com"]


def test_events_of_a_phone(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Each action of a phone sends an event."""
    phone = sandbox.phone("+15551234567")
    api.post(f"{CHAT}/messages", json={"text": "Hello"})
    poll = api.post(f"{CHAT}/polls", json={"options": ["Pizza", "Sushi"]}).json()["poll_id"]
    sandbox.advance(seconds=2)
    sandbox.wait_for_deliveries()
    _subscribe(api, receiver.url)
    phone.reads()
    phone.types()
    phone.stops_typing()
    phone.votes("Sushi")
    phone.uses("imessage", failing_with="not_registered")
    api.post(f"{CHAT}/messages", json={"text": "Again"})
    sandbox.advance(seconds=1)
    sandbox.wait_for_deliveries()

    assert Counter(receiver.events) == Counter(
        ["message.read", "typing.started", "typing.stopped", "poll.voted", "message.queued", "message.failed"]
    )
    assert receiver.bodies[-1]["error_code"] == "not_registered"
    assert receiver.bodies[3]["poll_id"] == poll


def test_reading_early_delivers_first(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """A message that is read before its time was sent and delivered before, also in its events."""
    _subscribe(api, receiver.url)
    api.post(f"{CHAT}/messages", json={"text": "Hello"})
    sandbox.phone("+15551234567").reads()
    sandbox.advance(seconds=60)
    sandbox.wait_for_deliveries()

    assert receiver.events == ["message.queued", "message.sent", "message.delivered", "message.read"]
    assert len({body["timestamp"] for body in receiver.bodies}) == 1


def test_a_failed_delivery_is_retried(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Any response other than 2xx is retried on schedule, and every attempt is logged."""
    webhook = _subscribe(api, receiver.url)
    receiver.statuses = [500, 302]
    sandbox.phone("+15551234567").sends("Hi")
    for _ in range(4):
        sandbox.wait_for_deliveries()
        sandbox.advance(seconds=60)
    logs = api.get(f"/webhooks/{webhook['webhook_id']}/logs").json()["logs"]
    shown = api.get(f"/webhooks/{webhook['webhook_id']}").json()

    assert len(receiver.requests) == 3
    assert [log["response_status"] for log in logs] == [200, 302, 500]
    assert len({log["event_id"] for log in logs}) == 1
    assert logs[0]["response_json"] == {"ok": True}
    assert shown["failure_count"] == 2


def test_attempts_are_limited(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """There are at most six attempts."""
    _subscribe(api, receiver.url)
    receiver.statuses = [500] * 10
    sandbox.phone("+15551234567").sends("Hi")
    for _ in range(8):
        sandbox.wait_for_deliveries()
        sandbox.advance(seconds=3600)

    assert len(receiver.requests) == 6


@pytest.mark.parametrize(
    ("attempts", "is_success", "expected"), [(0, True, None), (0, False, 10), (1, False, 20), (2, False, None)]
)
def test_the_next_attempt_follows_the_schedule(attempts: int, is_success: bool, expected: int | None) -> None:
    """A success or the end of the schedule stops the retries."""
    assert next_wait([10, 20], attempts, is_success=is_success) == expected


def test_an_unreachable_receiver_is_logged(api: httpx.Client, sandbox: Sandbox) -> None:
    """If no response arrives, the log has no status."""
    webhook = _subscribe(api, "http://127.0.0.1:1/hook")
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()
    (log,) = api.get(f"/webhooks/{webhook['webhook_id']}/logs").json()["logs"]
    replay = api.post(f"/webhooks/{webhook['webhook_id']}/logs/{log['event_id']}/replay").json()

    assert (log["response_status"], log["response_received_at"], log["response_json"]) == (None, None, None)
    assert replay["success"] is False
    assert replay["response_data"]["errorType"] == "ConnectError"


def test_logs_are_paged_and_filtered(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Logs are paged with returned and has_more, and filtered by status."""
    path = f"/webhooks/{_subscribe(api, receiver.url)['webhook_id']}/logs"
    receiver.statuses = [200, 404, 204]
    for text in ("one", "two", "three"):
        sandbox.phone("+15551234567").sends(text)
        sandbox.wait_for_deliveries()
    page = api.get(path, params={"limit": 2, "sort": "asc"}).json()

    def texts(**parameters: int) -> list[str]:
        logs = api.get(path, params={"sort": "asc", **parameters}).json()["logs"]
        return [log["event_body"]["text"] for log in logs]

    assert page["pagination"] == {"limit": 2, "offset": 0, "total": 3, "returned": 2, "has_more": True}
    assert [log["event_body"]["text"] for log in page["logs"]] == ["one", "two"]
    assert texts(status=404) == ["two"]
    assert texts(min_status=200, max_status=299) == ["one", "three"]


def test_an_event_is_replayed(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """A replay sends the same body under a new event id with replay headers, and is logged."""
    webhook = _subscribe(api, receiver.url)
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()
    path = f"/webhooks/{webhook['webhook_id']}/logs"
    original = api.get(path).json()["logs"][0]["event_id"]
    replay = api.post(f"{path}/{original}/replay").json()
    first, second = receiver.requests
    log = api.get(path).json()["logs"][0]

    assert (replay["success"], replay["response_status"], replay["original_event_id"]) == (True, 200, original)
    assert first.data == second.data
    assert second.headers["X-Blooio-Replay"] == "true"
    assert second.headers["X-Original-Event-Id"] == original
    assert "X-Blooio-Replay" not in first.headers
    assert _is_signed(second, webhook["signing_secret"])
    assert (log["event_id"], log["metadata"]["is_replay"]) == (replay["replay_event_id"], True)
    assert api.post(f"{path}/evt_unknown/replay").status_code == 404


def test_a_rotated_secret_signs_at_once(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """After a rotation, only the new secret verifies."""
    webhook = _subscribe(api, receiver.url)
    secret = api.post(f"/webhooks/{webhook['webhook_id']}/secret/rotate").json()["signing_secret"]
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()

    assert _is_signed(receiver.requests[0], secret)
    assert not _is_signed(receiver.requests[0], webhook["signing_secret"])


def test_deprecated_and_expired_webhooks_get_nothing(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """Deliveries stop after `deprecate` or at `valid_until`."""
    path = f"/webhooks/{_subscribe(api, receiver.url)['webhook_id']}"
    api.patch(path, json={"deprecate": True})
    sandbox.phone("+15551234567").sends("one")
    sandbox.wait_for_deliveries()
    api.patch(path, json={"deprecate": False, "valid_until": 1})
    sandbox.phone("+15551234567").sends("two")
    sandbox.wait_for_deliveries()

    assert receiver.requests == []


def test_a_deprecated_webhook_gets_no_retries(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """A failed delivery is not tried again once its webhook is deprecated, even if it is active again later."""
    path = f"/webhooks/{_subscribe(api, receiver.url)['webhook_id']}"
    receiver.statuses = [503]
    sandbox.phone("+15551234567").sends("one")
    sandbox.wait_for_deliveries()
    api.patch(path, json={"deprecate": True})
    sandbox.advance(60)
    sandbox.wait_for_deliveries()
    api.patch(path, json={"deprecate": False})
    sandbox.phone("+15551234567").sends("two")
    sandbox.advance(60)
    sandbox.wait_for_deliveries()

    assert [body["text"] for body in receiver.bodies] == ["one", "two"]


def test_a_real_clock_delivers_on_its_own(connect: Callable[[Sandbox], httpx.Client], receiver: Receiver) -> None:
    """With a real clock, events arrive without an advance."""
    delivered = threading.Event()
    with Sandbox(status_delay=0.01, retry_schedule=[0.01]) as sandbox:
        api = connect(sandbox)
        _subscribe(api, receiver.url)
        receiver.statuses = [500]
        receiver.requests = _Counted(4, delivered)
        api.post(f"{CHAT}/messages", json={"text": "Hello"})

        assert delivered.wait(30)
    assert Counter(receiver.events)["message.queued"] == 2


class _Counted(list[Any]):
    def __init__(self, count: int, reached: threading.Event) -> None:
        super().__init__()
        self._count, self._reached = count, reached

    def append(self, request: Any) -> None:
        super().append(request)
        if len(self) == self._count:
            self._reached.set()


def test_hanging_deliveries_are_waited_for(api: httpx.Client, sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """wait_for_deliveries raises after its timeout, and returns once the receiver has responded."""
    answering = threading.Event()

    def answer_late(_request: Request) -> Response:
        answering.wait(30)
        return Response("", 204)

    httpserver.expect_request("/slow").respond_with_handler(answer_late)
    _subscribe(api, httpserver.url_for("/slow"))
    sandbox.phone("+15551234567").sends("Hi")

    with pytest.raises(TimeoutError):
        sandbox.wait_for_deliveries(timeout=0.05)
    answering.set()
    sandbox.wait_for_deliveries()


def test_an_invalid_port_affects_no_other_webhook(api: httpx.Client, sandbox: Sandbox, receiver: Receiver) -> None:
    """An unexpected error at one webhook counts as a failed attempt, and other webhooks get their events."""
    _subscribe(api, "http://127.0.0.1:99999/")
    _subscribe(api, receiver.url)
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()

    assert receiver.events == ["message.received"]


def test_the_deliverer_survives_an_error(
    api: httpx.Client,
    sandbox: Sandbox,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error in the delivery task is logged, and deliveries continue."""
    _subscribe(api, receiver.url)
    failures = [sqlite3.OperationalError("disk I/O error")]

    def publish_or_fail(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        publish(*arguments)

    publish = deliverer._publish_due_events  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(deliverer, "_publish_due_events", publish_or_fail)
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()

    assert receiver.events == ["message.received"]
    assert "disk I/O error" in caplog.text


def test_a_receiver_of_this_process_needs_no_port(sandbox: Sandbox) -> None:
    """A receiver without a port gets signed deliveries of its type and retries of those it rejects, until a reset."""
    right, wrong = webhooks.Receiver(secret="whsec_right"), webhooks.Receiver(secret="whsec_wrong")
    for receiver in (right, wrong):
        sandbox.deliver_to(receiver, secret="whsec_right", type="message")
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()
    assert (right.drain(), wrong.drain()) == (1, 0)

    sandbox.reset()
    sandbox.phone("+15551234567").sends("Hi")
    sandbox.wait_for_deliveries()
    assert right.drain() == 0


def test_an_unknown_type_of_events(sandbox: Sandbox) -> None:
    """An unknown type raises an error at once."""
    with pytest.raises(ValueError, match="type must be one of"):
        sandbox.deliver_to(webhooks.Receiver(secret="whsec_right"), secret="whsec_right", type="messages")
