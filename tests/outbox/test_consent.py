"""People who opted out get no messages."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import pytest
from outbox_places import MakeOutbox
from outbox_runs import add, sent_texts

from blooio_client import Blooio
from blooio_client.outbox import Outbox, Outgoing
from blooio_outbox import deliver, leases
from blooio_sandbox import Sandbox

TO = "+15550000001"


def test_opting_out_in_the_middle_of_a_campaign(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """After an opt-out, messages are skipped, including those added later."""
    outbox = make_outbox(may_send=lambda message: stop_after_two(message))  # noqa: PLW0108 - it is defined below
    seen: list[str] = []

    def stop_after_two(message: Outgoing) -> bool:
        seen.append(message.recipient)
        if len(seen) == 2:
            outbox.opt_out("+15550000003")
        return True

    add(outbox, 5)
    outbox.run(client, concurrency=1, until_empty=True)
    outbox.add("+15550000003", "Once more", key="later")
    outbox.run(client, until_empty=True)

    assert "+15550000003" not in {each.chat_id for each in sandbox.messages}
    assert outbox.progress().counts == {"sent": 4, "skipped": 2}
    assert outbox.is_opted_out("+15550000003")
    assert [(each.recipient, each.since is not None) for each in outbox.opt_outs()] == [("+15550000003", True)]
    assert not outbox.opt_out("+15550000003")
    assert outbox.opt_in("+15550000003")
    assert not outbox.opt_in("+15550000003")
    outbox.add("+15550000003", "Welcome back", key="back")
    outbox.run(client, until_empty=True)
    assert sent_texts(sandbox)[-1] == "Welcome back"


@pytest.mark.parametrize(
    ("to", "person"),
    [([TO, "+15550000002"], TO), ("Ann@Example.com", "ann@example.com"), ([TO, "b@example.com"], "B@example.com")],
    ids=["one of several people", "an address in other letters", "both"],
)
def test_an_opt_out_applies_however_a_person_is_addressed(
    outbox: Outbox, client: Blooio, sandbox: Sandbox, to: str | list[str], person: str
) -> None:
    """Someone who opted out gets nothing, even together with others, or if their address is capitalized differently."""
    outbox.opt_out(person)
    outbox.add(to, "Hi", key="a")
    assert outbox.preview().opted_out == 1
    outbox.run(client, until_empty=True)

    assert sandbox.messages == []
    assert [(each.state, each.reason) for each in outbox.outcomes()] == [("skipped", "opted_out")]


@pytest.mark.parametrize("to", [TO, [TO, "+15550000002"]], ids=["one person", "one of several"])
def test_opting_out_just_before_the_request(
    make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox, to: str | list[str]
) -> None:
    """An opt-out between claim and request prevents the message, also if it goes to several people."""
    outbox: Outbox = make_outbox(may_send=lambda _message: outbox.opt_out(TO))
    outbox.add(to, "Hi", key="a")
    outbox.run(client, until_empty=True)

    assert sandbox.messages == []
    assert [(each.state, each.reason) for each in outbox.outcomes()] == [("skipped", "opted_out")]


def test_an_opt_out_while_a_claim_is_delayed(outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opt-out also prevents a message whose worker had no thread or processor between claim and request."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    attempt = deliver.begin(outbox._context, planned.id)
    assert isinstance(attempt, deliver.Attempt)
    outbox.opt_out(TO)
    now = leases.elapsed()
    monkeypatch.setattr(leases, "elapsed", lambda: (now[0] + 1.0, now[1] + 1.0))
    refused = attempt.before_request()

    assert refused is not None
    assert (refused.state, refused.reason) == ("skipped", "opted_out")
    assert sandbox.requests == []
