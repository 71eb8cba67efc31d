"""The formats of webhook bodies: flat or in an envelope, batches, attachments as URLs or objects, and sparse bodies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from werkzeug import Request, Response

from blooio_client import webhooks
from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_httpserver import HTTPServer

ANN, BOB = "+15551234567", "bob@example.com"
FILES = ["https://example.com/a.jpg", "https://example.com/b.jpg"]
OBJECTS = [{"url": url, "name": None} for url in FILES]


class Hook:
    """A webhook of a sandbox, and its deliveries."""

    def __init__(self, server: HTTPServer, sandbox: Sandbox, path: str, form: dict[str, Any]) -> None:
        self.url = server.url_for(path)
        self.requests: list[Request] = []
        self.statuses: list[int] = []
        server.expect_request(path).respond_with_handler(self._receive)
        sandbox.seed({"webhooks": [{"url": self.url, **form}]})
        self._sandbox = sandbox

    def wait(self) -> list[Any]:
        """Wait for the deliveries, and return their bodies."""
        self._sandbox.wait_for_deliveries()
        return [json.loads(request.data) for request in self.requests]

    def events(self) -> list[webhooks.Event]:
        """Every event, verified and parsed by the client."""
        secret = self._sandbox.webhook_secrets[self.url]
        for request in self.requests:
            webhooks.verify(request.data, dict(request.headers), secret=secret)
        return [event for request in self.requests for event in webhooks.parse_many(request.data)]

    def _receive(self, request: Request) -> Response:
        self.requests.append(request)
        return Response("", self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def hook(httpserver: HTTPServer, sandbox: Sandbox) -> Callable[..., Hook]:
    """Return a function that adds a webhook with a given format to the sandbox."""

    def add(path: str = "/hook", **form: Any) -> Hook:
        return Hook(httpserver, sandbox, path, form)

    return add


@pytest.mark.parametrize("payload", ["v2", "v4"])
@pytest.mark.parametrize(
    ("attachments", "expected"), [("url", FILES), ("object", OBJECTS), ("both", [FILES[0], OBJECTS[1]])]
)
def test_attachments_are_urls_or_objects(
    sandbox: Sandbox, hook: Callable[..., Hook], payload: str, attachments: str, expected: list[Any]
) -> None:
    """The client reads attachments the same as URLs or objects, flat or in an envelope."""
    receiver = hook(payload=payload, attachments=attachments)
    sandbox.phone(ANN).sends("Hi", attachments=FILES)
    (body,) = receiver.wait()
    (event,) = receiver.events()

    assert (body["data"] if payload == "v4" else body)["attachments"] == expected
    assert isinstance(event, webhooks.MessageReceived)
    assert (event.text, event.sender, [each.url for each in event.attachments]) == ("Hi", ANN, FILES)


def test_an_envelope_has_the_fields_of_version_4(sandbox: Sandbox, hook: Callable[..., Hook]) -> None:
    """An envelope has no fields of version 2, and adds the contact, the channel and headers."""
    sandbox.seed({"contacts": [{"identifier": ANN, "name": "Ann"}]})
    receiver = hook(payload="v4")
    first = sandbox.phone(ANN).sends("Hi")
    sandbox.phone(ANN).sends("Hello?", reply_to=first.id)
    body, reply = receiver.wait()
    headers = receiver.requests[0].headers
    old = {"event", "timestamp", "external_id", "internal_id", "is_group", "chat_guid"}
    contact = body["data"]["contact"]

    assert set(body) == {"id", "type", "api_version", "created_at", "organization_id", "data"}
    assert old.isdisjoint(body["data"])
    assert (contact["identifier"], contact["name"], body["data"]["group"]) == (ANN, "Ann", None)
    assert (body["data"]["direction"], body["data"]["recipient"]) == ("inbound", sandbox.number)
    assert reply["data"]["reply_to_message_id"] == first.id
    assert reply["data"]["chat_id"] == body["data"]["chat_id"] != ANN
    assert (headers["X-Blooio-Delivery"][:5], headers["X-Blooio-Version"]) == ("wdel_", body["api_version"])
    assert {event.chat_id for event in receiver.events()} == {ANN}


@pytest.mark.parametrize("payload", ["v2", "v4"])
def test_group_events_can_be_replied_to(sandbox: Sandbox, hook: Callable[..., Hook], payload: str) -> None:
    """The client finds the group, its name and the sender in either format."""
    receiver = hook(payload=payload)
    group = sandbox.phone(ANN).starts_group(BOB, name="Trip")
    sandbox.phone(BOB).sends("Hi", group=group)
    (body,) = receiver.wait()
    (event,) = receiver.events()

    assert isinstance(event, webhooks.MessageReceived)
    assert (event.chat_id, event.group_name, event.sender, event.is_group) == (group, "Trip", BOB, True)
    assert payload == "v2" or body["data"]["contact"]["identifier"] == BOB


def _send_two(api: httpx.Client, sandbox: Sandbox) -> None:
    """Send two messages in the same second, and make the first attempt and a retry."""
    sandbox.phone(ANN).uses("imessage", online=False)
    for text in ("One", "Two"):
        api.post("/chats/%2B15551234567/messages", json={"text": text})
    for _ in range(2):
        sandbox.advance(seconds=1)
        sandbox.wait_for_deliveries()


@pytest.mark.parametrize("payload", ["v2", "v4"])
@pytest.mark.parametrize("batches", ["list", "events"])
def test_batches(api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook], payload: str, batches: str) -> None:
    """Two events share one signed delivery; a failed batch is retried whole, and each event is logged."""
    receiver = hook(payload=payload, batches=batches, type="status")
    receiver.statuses = [503]
    _send_two(api, sandbox)
    bodies = receiver.wait()
    events = receiver.events()
    webhook_id = api.get("/webhooks").json()["webhooks"][0]["webhook_id"]
    logs = api.get(f"/webhooks/{webhook_id}/logs", params={"sort": "asc"}).json()["logs"]

    assert isinstance(bodies[0], list if batches == "list" else dict)
    assert bodies[0] == bodies[1]
    assert [event.type for event in events] == ["message.sent"] * 4
    assert len({event.dedupe_key for event in events}) == 2
    assert [log["response_status"] for log in logs] == [503, 503, 200, 200]
    assert all(isinstance(log["event_body"], dict) for log in logs)


def test_a_disturbed_event_is_not_in_a_batch_with_others(
    api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook]
) -> None:
    """A disturbed event is delivered alone, since its invalid signature would get the others rejected, too."""
    receiver = hook(batches="list", type="status")
    receiver.statuses = [401]
    sandbox.disturb_deliveries(wrong_signature=True)
    _send_two(api, sandbox)
    bodies = receiver.wait()

    assert [[event["text"] for event in body] for body in bodies] == [["One"], ["Two"], ["One"]]


def test_sparse_bodies(sandbox: Sandbox, hook: Callable[..., Hook]) -> None:
    """Sparse bodies have no nulls, empty lists or inbound status, and the client reads them like any other."""
    receiver = hook(sparse=True)
    sandbox.phone(ANN).sends("Hi")
    (body,) = receiver.wait()
    (event,) = receiver.events()

    assert "status" not in body
    assert "attachments" not in body
    assert None not in body.values()
    assert isinstance(event, webhooks.MessageReceived)
    assert (event.status, event.attachments, event.text) == (None, [], "Hi")


@pytest.mark.parametrize("protocol", ["pending", "unknown"])
def test_a_protocol_can_be_unknown(
    api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook], protocol: Any
) -> None:
    """The protocol can be unknown in deliveries and in the list of messages, in both directions."""
    receiver = hook()
    sandbox.phone(ANN).uses(protocol)
    sandbox.phone(ANN).sends("Hi")
    api.post("/chats/%2B15551234567/messages", json={"text": "Hello"})
    sandbox.advance(seconds=1)
    bodies = receiver.wait()
    listed = api.get("/chats/%2B15551234567/messages").json()["messages"]

    assert [body["protocol"] for body in bodies] == [protocol, "pending", protocol]
    assert [message["protocol"] for message in listed] == [protocol, protocol]


def test_styled_text_is_in_deliveries(api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook]) -> None:
    """Styled text is delivered as `formatted_text`, in both directions; without styles, the field is absent."""
    receiver = hook()
    sandbox.phone(ANN).sends("**Hi** there", format="markdown")
    sandbox.phone(ANN).sends("**Hi**")
    api.post("/chats/%2B15551234567/messages", json={"text": "_Hello_", "format": "markdown"})
    found = [(body["text"], body.get("formatted_text", "absent")) for body in receiver.wait()]

    assert found == [("Hi there", "**Hi** there"), ("**Hi**", "absent"), ("Hello", "*Hello*")]


def test_groups_have_a_guid(api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook]) -> None:
    """A group has the GUID of its linked chat or a new one, and a second group for a GUID is a conflict."""
    receiver = hook()
    linked = api.post("/groups", json={"name": "Team", "members": [ANN], "chat_guid": "iMessage;+;chat1"}).json()
    started = sandbox.phone(ANN).starts_group(BOB, name="Trip")
    for group in (linked["group_id"], started):
        sandbox.phone(ANN).sends("Hi", group=group)
    first, second = receiver.wait()
    again = api.post("/groups", json={"name": "Trip", "chat_guid": second["chat_guid"]})

    assert (first["chat_guid"], first["chat_name"]) == ("iMessage;+;chat1", "Team")
    assert second["chat_guid"].startswith("iMessage;+;chat")
    assert again.status_code == 409


def test_each_webhook_has_its_own_format(
    api: httpx.Client, sandbox: Sandbox, httpserver: HTTPServer, hook: Callable[..., Hook]
) -> None:
    """A seed sets the format, also for a webhook that an app created; a reply names its parent message."""
    api.post("/webhooks", json={"webhook_url": httpserver.url_for("/mine")})
    hooks = [hook("/old"), hook("/new", payload="v4"), hook("/mine", payload="v4", attachments="url")]
    first = api.post("/chats/%2B15551234567/messages", json={"text": "Hi"}).json()["message_id"]
    sandbox.phone(ANN).sends("Hello", reply_to=first)
    old, new, mine = [each.wait()[-1] for each in hooks]

    assert (old["reply_to"]["message_id"], new["data"]["reply_to"]["message_id"]) == (first, first)
    assert mine["data"]["text"] == "Hello"


def test_a_replay_keeps_the_format(api: httpx.Client, sandbox: Sandbox, hook: Callable[..., Hook]) -> None:
    """A replay has the same body, in a delivery with its own id."""
    receiver = hook(payload="v4", batches="events")
    sandbox.phone(ANN).sends("Hi")
    receiver.wait()
    webhook_id = api.get("/webhooks").json()["webhooks"][0]["webhook_id"]
    (log,) = api.get(f"/webhooks/{webhook_id}/logs").json()["logs"]
    api.post(f"/webhooks/{webhook_id}/logs/{log['event_id']}/replay")
    first, second = receiver.requests
    chats = {delivery["chat"] for delivery in sandbox.overview.summary()["deliveries"]}

    assert first.data == second.data
    assert second.headers["X-Blooio-Replay"] == "true"
    assert first.headers["X-Blooio-Delivery"] != second.headers["X-Blooio-Delivery"]
    assert chats == {ANN}
