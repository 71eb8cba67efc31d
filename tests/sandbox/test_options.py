"""Options of a sandbox: limits, safety restrictions, webhook payloads, reused keys, short codes; and its assertions."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from outbox_places import eager, let_time_pass

from blooio_client import Blooio
from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from blooio_sandbox.api.ledger import RecordedRequest


ANN, BOB = "+15551234567", "bob@example.com"


def _send(api: httpx.Client, to: str, text: str = "Hi", **headers: str) -> httpx.Response:
    path = f"/chats/{to.replace('+', '%2B').replace('@', '%40')}/messages"
    return api.post(path, json={"text": text}, headers=headers)


@pytest.fixture
def start(connect: Callable[[Sandbox], httpx.Client]) -> Iterator[Callable[..., tuple[Sandbox, httpx.Client]]]:
    """Start sandboxes with options and a stepped clock."""
    running: list[Sandbox] = []

    def begin(**options: Any) -> tuple[Sandbox, httpx.Client]:
        sandbox = Sandbox(clock="stepped", **options)
        sandbox.start()
        running.append(sandbox)
        return sandbox, connect(sandbox)

    yield begin
    for sandbox in running:
        sandbox.stop()


def test_a_daily_limit_is_reset_at_midnight(start: Callable[..., tuple[Sandbox, httpx.Client]]) -> None:
    """The third message of a day gets 429, and is accepted the next day; a reused key does not count."""
    sandbox, api = start(daily_limit=2)
    sandbox.advance((86_400_000 - sandbox.now % 86_400_000) / 1000)
    statuses = [_send(api, ANN, key, **{"Idempotency-Key": key}).status_code for key in ("one", "one", "two")]
    refused = _send(api, ANN, "three")
    sandbox.advance(86_400)

    assert (statuses, refused.status_code) == ([202, 200, 202], 429)
    assert {name: refused.json()[name] for name in ("code", "limit", "current", "sender_number")} == {
        "code": "outbound_limit_reached",
        "limit": 2,
        "current": 2,
        "sender_number": sandbox.number,
    }
    assert _send(api, ANN, "three").status_code == 202


def test_an_outbox_continues_the_next_day(tmp_path: Path) -> None:
    """A daily limit stops the outbox without an injected fault, and the outbox continues the next day."""
    url, refused = f"sqlite:///{tmp_path / 'outbox.db'}", threading.Event()

    def observe(record: RecordedRequest) -> None:
        if record.status == 429:
            refused.set()

    with (
        Sandbox(daily_limit=2, observer=observe) as sandbox,
        Blooio(sandbox.api_key, base_url=sandbox.base_url) as client,
    ):
        outbox = eager(url)
        for number in range(3):
            outbox.add(ANN, str(number), key=str(number))
        outbox.run(client, concurrency=1, stop=refused)
        held = outbox.progress().counts
        sandbox.advance(86_400)
        let_time_pass(url, 90_000)
        outbox.run(client, until_empty=True)
        outbox.close()

        assert held == {"sent": 2, "waiting": 1}
        assert [message.text for message in sandbox.messages] == ["0", "1", "2"]


def test_new_conversations_are_limited(start: Callable[..., tuple[Sandbox, httpx.Client]]) -> None:
    """A second new chat gets 429; existing chats, and those started by the other side, do not count."""
    sandbox, api = start(new_conversation_limit=1)
    sandbox.phone("+15550001111").sends("Hello")
    statuses = [_send(api, to).status_code for to in (ANN, ANN, BOB, "+15550001111")]

    assert statuses == [202, 202, 429, 202]
    assert _send(api, BOB).json()["code"] == "new_conversation_limit_reached"


@pytest.mark.parametrize(
    ("code", "statuses"),
    [
        ("safety_new_conversations_paused", [403, 202]),
        ("safety_reply_only", [403, 202]),
        ("safety_account_review", [403, 403]),
    ],
)
def test_safety_restricts_sending(
    start: Callable[..., tuple[Sandbox, httpx.Client]], code: str, statuses: list[int]
) -> None:
    """A new chat is forbidden; so is a reply, but only during a review."""
    sandbox, api = start(safety=code)
    sandbox.phone(BOB).sends("Hello")
    responses = [_send(api, to) for to in (ANN, BOB)]

    assert [response.status_code for response in responses] == statuses
    assert responses[0].json()["code"] == code


def test_a_reused_key_can_return_the_first_response(start: Callable[..., tuple[Sandbox, httpx.Client]]) -> None:
    """With reused_keys="replay", another body under a known key gets the first response; by default, it gets 409."""
    sandbox, api = start(reused_keys="replay")
    first, second = (_send(api, ANN, text, **{"Idempotency-Key": "k"}) for text in ("One", "Two"))

    assert (second.status_code, second.json()) == (200, first.json())
    assert [message.text for message in sandbox.messages] == ["One"]


def test_webhook_registration_can_be_closed(start: Callable[..., tuple[Sandbox, httpx.Client]]) -> None:
    """A new URL gets 410 and a known one 200, and seeds can still add webhooks."""
    sandbox, api = start(disabled=["createWebhook"])
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/known"}]})
    statuses = [
        api.post("/webhooks", json={"webhook_url": f"http://127.0.0.1:1/{name}"}).status_code
        for name in ("new", "known")
    ]

    assert statuses == [410, 200]


def test_short_codes_are_recipients(api: httpx.Client, sandbox: Sandbox) -> None:
    """Three to eight digits without a plus are a chat, also for a phone."""
    sandbox.phone("24365").sends("Your code is 123")

    assert [_send(api, to).status_code for to in ("24365", "12")] == [202, 400]
    assert sandbox.messages[0].chat_id == "24365"


@pytest.mark.parametrize("option", ["clock", "payload", "attachments", "batches", "reused_keys", "safety"])
def test_an_unknown_value_raises(option: str) -> None:
    """An unknown value raises an error that names the option and lists its values."""
    with pytest.raises(ValueError, match=f"{option} must be one of "):
        Sandbox(**{option: "unknown"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"enabled": "callFaceTime"}, r"enabled must be a list, such as \['callFaceTime'\]"),
        ({"disabled": "createWebhook"}, r"disabled must be a list, such as \['createWebhook'\]"),
        ({"allowed_hosts": "sandbox"}, r"allowed_hosts must be a list, such as \['sandbox'\]"),
        ({"daily_limit": -1}, "daily_limit must be a whole number >= 0, or None"),
        ({"new_conversation_limit": "5"}, "new_conversation_limit must be a whole number >= 0, or None"),
    ],
)
def test_an_option_of_another_type_raises(options: dict[str, Any], problem: str) -> None:
    """A string instead of a list, or a limit that is not a number, raises an error that says what is expected."""
    with pytest.raises(ValueError, match=problem):
        Sandbox(**options)


def test_a_failed_assertion_shows_what_was_sent(api: httpx.Client, sandbox: Sandbox) -> None:
    """A failed assertion shows the texts and recipients that were sent."""
    _send(api, ANN, "Hello")
    with pytest.raises(
        AssertionError, match=r"no message 'Bye' was sent to anyone; sent:\n  to \+15551234567: 'Hello'"
    ):
        sandbox.assert_sent("Bye")


def test_each_recipient_gets_one_message(api: httpx.Client, sandbox: Sandbox) -> None:
    """`assert_once_each` ignores keys, and finds retries under a new key, and missing or unexpected recipients."""
    _send(api, ANN, **{"Idempotency-Key": "first attempt"})
    sandbox.assert_once_each([ANN])
    _send(api, ANN, **{"Idempotency-Key": "second attempt"})
    _send(api, "24365")
    sandbox.assert_no_duplicates()
    with pytest.raises(AssertionError) as caught:
        sandbox.assert_once_each([ANN, BOB], text="Hi")

    assert str(caught.value).splitlines() == [
        f"{ANN}: 2 messages, expected 1",
        f"{BOB}: 0 messages, expected 1",
        "24365: 1 messages, expected 0",
    ]


def test_recipients_are_written_as_in_a_send(api: httpx.Client, sandbox: Sandbox) -> None:
    """Assertions accept an address in capitals, and several recipients."""
    several = f"{ANN},+15557654321"
    _send(api, BOB)
    _send(api, several, "Hi all")

    sandbox.assert_sent("Hi", to="Bob@Example.com")
    sandbox.assert_sent("Hi all", to=several)
    sandbox.assert_once_each(["Bob@Example.com", several])


def test_an_app_finds_the_sandbox_in_its_environment(blooio_environment: Sandbox) -> None:
    """A client created without arguments uses the sandbox."""
    with Blooio() as client:
        client.chat(ANN).send("Hi")

    blooio_environment.assert_sent("Hi", to=ANN)
