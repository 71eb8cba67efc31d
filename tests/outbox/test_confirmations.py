"""Delivery statuses and opt-outs, through webhooks and polling."""

# These tests inspect the ledger behind the public API.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import datetime
import json
from typing import Any

import httpx
import pytest

from blooio_client import Blooio, InvalidArgumentError, webhooks
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

SECRET = "whsec_" + "a" * 32
TO = "+15550000001"


def tell(receiver: webhooks.Receiver, **event: Any) -> None:
    """Deliver an event and handle it."""
    body = json.dumps(event).encode()
    headers = {"X-Blooio-Signature": webhooks.sign(body, SECRET)}
    assert receiver.receive(webhooks.Delivery("POST", headers, body)) == 200
    receiver.drain()


def at(minute: int) -> int:
    """Return a time in epoch milliseconds."""
    return 1_700_000_000_000 + 60_000 * minute


def states(outbox: Outbox) -> dict[str, str]:
    """Return the state of each key."""
    return {each.key: each.state for each in outbox.outcomes()}


def test_statuses_by_webhook(outbox: Outbox, client: Blooio) -> None:
    """Delivered, read and failed statuses may arrive late, twice and in any order."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver)
    outbox.add_many([{"to": TO, "text": "Hi"}, {"to": "+15550000002", "text": "Hi"}], campaign="c")
    outbox.run(client, until_empty=True)
    first, second = outbox.outcomes()
    tell(receiver, event="message.read", message_id=first.message_id)
    tell(receiver, event="message.delivered", message_id=first.message_id)
    tell(receiver, event="message.failed", message_id=second.message_id)
    tell(receiver, event="message.sent", message_id=second.message_id)
    tell(receiver, event="message.delivered")

    assert states(outbox) == {first.key: "read", second.key: "failed"}


def test_a_status_that_comes_before_the_send_was_recorded(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """An early status is kept for a while; the status of an unknown message changes nothing."""
    outbox.add(TO, "Hi", key="a")
    outbox.run(client, until_empty=True)
    (sent,) = sandbox.messages
    with outbox._database.begin() as tx:
        from blooio_outbox.ledger.schema import m, messages

        tx.execute(messages.update().values(message_id=None, state="waiting", body=json.dumps({"text": "Hi"})))
        tx.execute(messages.update().where(m.key == "a").values(first_attempt=None, slot=None))
    assert not outbox.note_status(sent.id, "read")
    assert not outbox.note_status(sent.id, "delivered")
    assert not outbox.note_status("msg_of_somebody_else", "delivered")
    outbox.run(client, until_empty=True)

    assert states(outbox) == {"a": "read"}


def test_a_message_that_failed_at_once(outbox: Outbox, sandbox: Sandbox) -> None:
    """A response that says that the message has failed counts as a failed status; it is not reported as sent."""
    outbox.add(TO, "Hi", key="a")
    response = httpx.Response(202, json={"message_id": "msg_1", "status": "failed"})
    transport = httpx.MockTransport(lambda _: response)
    with httpx.Client(transport=transport) as http_client:
        client = Blooio(sandbox.api_key, base_url=sandbox.base_url, http_client=http_client)
        outbox.run(client, until_empty=True)

    (message,) = outbox.outcomes()
    assert (message.state, message.reason, message.message_id) == ("failed", "failed after it was accepted", "msg_1")


def test_asking_without_webhooks(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """`refresh` polls messages not known to be delivered; those that Blooio no longer knows stay unchanged."""
    outbox.add_many([{"to": TO, "text": "Hi"}, {"to": "+15550000002", "text": "Hi"}], campaign="c")
    outbox.run(client, until_empty=True)
    sandbox.advance(60)
    sandbox.fail_next(404, operation="getMessageStatus")

    assert outbox.refresh(client) == 1
    assert outbox.refresh(client) == 1
    assert outbox.refresh(client) == 0
    assert set(states(outbox).values()) == {"delivered"}


def test_asking_too_early(outbox: Outbox) -> None:
    """A message that Blooio still queues stays `sent`."""
    with Sandbox(status_delay=3600) as slow, Blooio(slow.api_key, base_url=slow.base_url) as patient:
        outbox.add(TO, "Hi", key="a")
        outbox.run(patient, until_empty=True)

        assert outbox.refresh(patient) == 0
    assert states(outbox) == {"a": "sent"}


@pytest.mark.parametrize(
    ("text", "out"),
    [("STOP", True), ("stop.", True), ("Unsubscribe", True), ("Please stop by", False), ("", False), (None, False)],
)
def test_opt_out_by_a_reply(outbox: Outbox, text: str | None, *, out: bool) -> None:
    """A reply opts out if the word is the whole message."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver)
    tell(receiver, event="message.received", message_id="m1", sender=TO, external_id=TO, text=text)

    assert outbox.is_opted_out(TO) is out


def test_opt_in_by_a_reply(outbox: Outbox) -> None:
    """A reply of START revokes STOP."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver)
    tell(receiver, event="message.received", message_id="m1", external_id=TO, text="stop")
    assert outbox.is_opted_out(TO)
    tell(receiver, event="message.received", message_id="m2", external_id=TO, text="Start")

    assert not outbox.is_opted_out(TO)


@pytest.mark.parametrize("times", [{"timestamp": 1}, {"timestamp": 9, "received_at": 1}, {}])
def test_an_old_start_comes_late(outbox: Outbox, times: dict[str, int]) -> None:
    """A START that was sent before the last STOP does not revoke it; deliveries are repeated in any order."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver)
    for number, stop in enumerate((3, 2, 4)):
        event = {"message_id": f"m{number}", "external_id": TO, "text": "STOP", "received_at": at(stop)}
        tell(receiver, event="message.received", **event)
    assert [each.since for each in outbox.opt_outs()] == [datetime.datetime.fromtimestamp(at(4) / 1000, datetime.UTC)]
    old = {name: at(minutes) for name, minutes in times.items()}
    tell(receiver, event="message.received", message_id="m3", external_id=TO, text="START", **old)
    assert outbox.is_opted_out(TO) is bool(times)
    tell(receiver, event="message.received", message_id="m4", external_id=TO, text="START", received_at=at(5))

    assert not outbox.is_opted_out(TO)


def test_an_opt_in_of_yesterday(outbox: Outbox) -> None:
    """`opt_in(at=...)` before the opt-out changes nothing, and a time without a zone raises an error."""
    now = datetime.datetime.now(datetime.UTC)
    outbox.opt_out(TO)

    assert not outbox.opt_in(TO, at=now - datetime.timedelta(days=1))
    assert outbox.is_opted_out(TO)
    with pytest.raises(InvalidArgumentError, match="at must be aware"):
        outbox.opt_in(TO, at=now.replace(tzinfo=None))
    with pytest.raises(InvalidArgumentError, match="at must be aware"):
        outbox.opt_out(TO, at=now.replace(tzinfo=None))
    assert outbox.opt_in(TO, at=now + datetime.timedelta(days=1))


def test_words_are_not_letters(outbox: Outbox) -> None:
    """A single str instead of a list of words raises an error: its letters would be the words."""
    with pytest.raises(InvalidArgumentError, match="opt_out_words must be a list"):
        outbox.confirm(webhooks.Receiver(secret=SECRET), opt_out_words="STOP")


def test_a_status_that_does_not_exist(outbox: Outbox) -> None:
    """An unknown status raises an error and is not kept for a later message."""
    with pytest.raises(InvalidArgumentError, match="state must be one of delivered, read, failed"):
        outbox.note_status("msg_1", "bounced")  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["", " ! ", "x" * 65])
def test_words_that_nobody_can_send(outbox: Outbox, word: str) -> None:
    """A blank or very long word raises an error."""
    with pytest.raises(InvalidArgumentError, match="must have 1 to 64 characters"):
        outbox.confirm(webhooks.Receiver(secret=SECRET), opt_out_words=["STOP", word])


@pytest.mark.parametrize("text", ["BASTA…", "“basta”", "\uff22\uff21\uff33\uff34\uff21", "ba\u200bsta"])
def test_words_of_your_own_as_phones_write_them(outbox: Outbox, text: str) -> None:
    """`opt_out_words` are recognized like STOP, whatever characters a phone adds."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver, opt_out_words=["Basta"])

    tell(receiver, event="message.received", message_id="m1", external_id=TO, text=text)

    assert outbox.is_opted_out(TO)


def test_words_of_your_own(outbox: Outbox) -> None:
    """`opt_out_words` replaces the default words, for example for other languages."""
    receiver = webhooks.Receiver(secret=SECRET)
    outbox.confirm(receiver, opt_out_words=["Bitte nicht mehr"])
    tell(receiver, event="message.received", message_id="m1", external_id=TO, text="stop")
    assert not outbox.is_opted_out(TO)
    tell(receiver, event="message.received", message_id="m2", external_id=TO, text=" bitte  nicht mehr! ")
    tell(receiver, event="message.received", message_id="m3", text="stop")

    assert outbox.is_opted_out(TO)
