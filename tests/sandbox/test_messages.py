"""Reading messages and chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

CHAT = "/chats/%2B15551234567"


def _send(api: httpx.Client, text: str, chat: str = CHAT) -> str:
    message_id: str = api.post(f"{chat}/messages", json={"text": text}).json()["message_id"]
    return message_id


def test_a_message_is_queued_then_sent_then_delivered(api: httpx.Client, sandbox: Sandbox) -> None:
    """The status follows the sandbox's clock, and future times are null."""
    status = f"{CHAT}/messages/{_send(api, 'Hello')}/status"
    seen = [api.get(status).json()]
    for _ in range(2):
        sandbox.advance(seconds=1)
        seen.append(api.get(status).json())

    assert [each["status"] for each in seen] == ["queued", "sent", "delivered"]
    assert [each["protocol"] for each in seen] == ["pending", "imessage", "imessage"]
    assert [each["time_delivered"] for each in seen] == [None, None, seen[0]["time_sent"] + 2000]


def test_a_message_to_a_failing_phone(api: httpx.Client, sandbox: Sandbox) -> None:
    """A failing phone leads to `failed` with an error; an offline phone stays at `sent`."""
    sandbox.phone("+15551234567").uses("imessage", failing_with="not_registered")
    sandbox.phone("+15557654321").uses("sms", online=False)
    failing, waiting = _send(api, "x"), _send(api, "x", "/chats/%2B15557654321")
    sandbox.advance(seconds=60)
    failed = api.get(f"{CHAT}/messages/{failing}/status").json()
    sent = api.get(f"/chats/%2B15557654321/messages/{waiting}/status").json()

    assert failed["status"] == "failed"
    assert failed["error"]
    assert (sent["status"], sent["protocol"], sent["time_delivered"]) == ("sent", "sms", None)


def test_a_cancelled_message_is_not_read(api: httpx.Client, sandbox: Sandbox) -> None:
    """A phone reads the messages that it gets, but none that was cancelled before."""
    kept, cancelled = (_send(api, text) for text in ("Hello", "Oops"))
    api.delete(f"{CHAT}/messages/{cancelled}")
    webhook = api.post("/webhooks", json={"webhook_url": "http://127.0.0.1:1/", "webhook_type": "all"}).json()
    sandbox.phone("+15551234567").reads()
    sandbox.wait_for_deliveries()
    logs = api.get(f"/webhooks/{webhook['webhook_id']}/logs").json()["logs"]
    read = [log["event_body"]["message_id"] for log in logs if log["event_body"]["event"] == "message.read"]

    assert read == [kept]
    assert [message.status for message in sandbox.messages] == ["read", "cancelled"]


def test_a_message_is_read_by_id_in_its_own_chat(api: httpx.Client) -> None:
    """The operation getMessage returns the whole message, and is a 404 in another chat."""
    message_id = _send(api, "Hello")
    _send(api, "x", "/chats/%2B15557654321")
    message = api.get(f"{CHAT}/messages/{message_id}").json()

    assert (message["text"], message["chat_id"], message["direction"]) == ("Hello", "+15551234567", "outbound")
    assert api.get(f"/chats/%2B15557654321/messages/{message_id}").status_code == 404


def test_only_a_reaction_counts_from_the_end(api: httpx.Client, sandbox: Sandbox) -> None:
    """Blooio documents -1 for reactions only: elsewhere it is an unknown id."""
    _send(api, "Hello")
    path = f"{CHAT}/messages/-1"

    assert [api.get(path).status_code, api.get(f"{path}/status").status_code, api.delete(path).status_code] == [404] * 3
    assert [message.status for message in sandbox.messages] == ["queued"]


def test_messages_are_paged(api: httpx.Client) -> None:
    """`limit` and `offset` select pages, newest first, and `total` counts all messages."""
    for index in range(5):
        _send(api, f"message {index}")
    page = api.get(f"{CHAT}/messages", params={"limit": 2, "offset": 1}).json()

    assert [message["text"] for message in page["messages"]] == ["message 3", "message 2"]
    assert page["pagination"] == {"limit": 2, "offset": 1, "total": 5}
    assert api.get(f"{CHAT}/messages", params={"offset": 10**12}).json()["messages"] == []


def test_messages_are_sorted_and_filtered(api: httpx.Client, sandbox: Sandbox) -> None:
    """`sort` orders messages; `direction`, `since` and `until` filter them."""
    _send(api, "first")
    sandbox.advance(seconds=10)
    sandbox.phone("+15551234567").sends("second")
    moment = sandbox.phone("+15551234567").messages[-1].time_sent
    sandbox.advance(seconds=10)
    _send(api, "third")

    def texts(**parameters: str | int) -> list[str]:
        return [message["text"] for message in api.get(f"{CHAT}/messages", params=parameters).json()["messages"]]

    assert texts(sort="asc") == ["first", "second", "third"]
    assert texts(sort="desc", direction="outbound") == ["third", "first"]
    assert texts(since=moment) == ["third"]
    assert texts(until=moment) == ["first"]


def test_chats_are_sorted_by_their_last_message(api: httpx.Client, sandbox: Sandbox) -> None:
    """The chat with the latest message comes first, and `q` searches numbers and names."""
    _send(api, "one")
    _send(api, "two", "/chats/ann%40example.com")
    sandbox.phone("+15551234567").sends("three")
    api.post("/contacts", json={"identifier": "ann@example.com", "name": "Ann Example"})
    chats = api.get("/chats").json()
    found = api.get("/chats", params={"q": "ANN EX", "sort": "oldest"}).json()["chats"]

    assert [chat["id"] for chat in chats["chats"]] == ["+15551234567", "ann@example.com"]
    assert chats["pagination"]["total"] == 2
    assert [(chat["id"], chat["type"], chat["contact"]["name"]) for chat in found] == [
        ("ann@example.com", "email", "Ann Example")
    ]


def test_a_chat_counts_its_messages(api: httpx.Client, sandbox: Sandbox) -> None:
    """A chat counts both directions and shows the last message."""
    _send(api, "one")
    sandbox.phone("+15551234567").sends("two")
    chat = api.get(CHAT).json()

    assert (chat["message_count"], chat["inbound_count"], chat["outbound_count"]) == (2, 1, 1)
    assert (chat["last_message"]["text"], chat["last_message"]["direction"]) == ("two", "inbound")


@pytest.mark.parametrize("path", [CHAT, f"{CHAT}/messages", f"{CHAT}/messages/msg_1", f"{CHAT}/messages/msg_1/status"])
def test_an_unknown_chat_is_not_found(api: httpx.Client, path: str) -> None:
    """A chat exists from its first message."""
    assert api.get(path).status_code == 404


def test_a_group_without_messages_is_a_chat(api: httpx.Client) -> None:
    """A group without messages can be read as a chat."""
    group = api.post("/groups", json={"name": "Team", "members": ["+15551234567"]}).json()["group_id"]

    assert api.get(f"/chats/{group}").json()["message_count"] == 0
    assert api.get(f"/chats/{group}/messages").json()["messages"] == []


def test_several_people_are_their_group(api: httpx.Client) -> None:
    """A list of people stands for their group, in any order."""
    api.post("/chats/%2B15551234567%2Cann%40example.com/messages", json={"text": "Hello"})

    page = api.get("/chats/ann%40example.com%2C%2B15551234567/messages").json()
    assert [message["text"] for message in page["messages"]] == ["Hello"]


def test_typing_reading_and_the_contact_card(api: httpx.Client) -> None:
    """Typing and contact cards need no conversation; read receipts do."""
    assert api.post(f"{CHAT}/typing").json()["typing"] is True
    assert api.delete(f"{CHAT}/typing").json()["typing"] is False
    assert api.post(f"{CHAT}/contact-card").json()["success"] is True
    assert api.post(f"{CHAT}/read").status_code == 404
    _send(api, "Hello")
    assert api.post(f"{CHAT}/read").json()["status"] == "read"


def test_typing_over_rcs_has_a_warning(api: httpx.Client, sandbox: Sandbox) -> None:
    """RCS has no typing indicator: the request succeeds with a warning."""
    sandbox.phone("+15551234567").uses("rcs")

    assert "RCS" in api.post(f"{CHAT}/typing").json()["warning"]
    assert "RCS" in api.delete(f"{CHAT}/typing").json()["warning"]


def test_call_forwarding_opens_a_ticket(api: httpx.Client, sandbox: Sandbox) -> None:
    """Each request opens a new ticket, for own numbers and US numbers only."""
    path = f"/me/numbers/%2B{sandbox.number[1:]}/call-forwarding"
    first, second = (api.post(path, json={"forward_to": "+15559876543"}) for _ in range(2))

    assert (first.status_code, first.json()["status"], first.json()["number"]) == (201, "open", sandbox.number)
    assert first.json()["ticket_id"] != second.json()["ticket_id"]
    assert api.post(path, json={"forward_to": "+442079460958"}).status_code == 400
    assert api.post("/me/numbers/%2B15551234567/call-forwarding", json={"forward_to": "+1555"}).status_code == 403


def test_the_account_has_its_numbers_and_usage(api: httpx.Client, sandbox: Sandbox) -> None:
    """The account counts messages and lists its numbers."""
    _send(api, "Hello")
    me, numbers = api.get("/me").json(), api.get("/me/numbers").json()["numbers"]

    assert (me["api_key"], me["usage"]["outbound_messages"]) == (sandbox.api_key, 1)
    assert [number["phone_number"] for number in numbers] == list(sandbox.numbers)
    assert numbers[0]["last_active"].endswith("Z")
    assert numbers[0]["plan_kind"] == me["devices"][0]["plan_kind"] == "dedicated"
