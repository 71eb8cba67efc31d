"""People who opted out get no messages."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

from collections.abc import Iterator

import pytest
from outbox_places import MakeOutbox

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_outbox import deliver, leases
from blooio_sandbox import Sandbox

TO = "+15550000001"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the sandbox."""
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made


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


def test_one_of_several_people_opts_out_just_before_the_request(
    make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox
) -> None:
    """The opt-out of one person between claim and request prevents a message to several."""
    outbox: Outbox = make_outbox(may_send=lambda _message: outbox.opt_out(TO))
    outbox.add([TO, "+15550000002"], "Hi", key="a")
    outbox.run(client, until_empty=True)

    assert sandbox.messages == []
    assert [(each.state, each.reason) for each in outbox.outcomes()] == [("skipped", "opted_out")]


def test_an_opt_out_while_a_claim_is_delayed(outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opt-out also prevents a message whose worker had no thread or processor between claim and request."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    attempt = deliver.begin(outbox._desk, planned.id)
    assert isinstance(attempt, deliver.Attempt)
    outbox.opt_out(TO)
    now = leases.elapsed()
    monkeypatch.setattr(leases, "elapsed", lambda: (now[0] + 1.0, now[1] + 1.0))
    refused = attempt.before_request()

    assert refused is not None
    assert (refused.state, refused.reason) == ("skipped", "opted_out")
    assert sandbox.requests == []


def test_may_send_must_not_be_async(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """An awaitable is not an approval: the message is not sent, and waits."""

    class Awaitable:
        def __await__(self) -> Iterator[None]:
            raise NotImplementedError

    outbox = make_outbox(may_send=lambda _message: Awaitable())
    outbox.add(TO, "Hi", key="a")
    planned = outbox.plan()[0]

    assert outbox.deliver(planned.id, client).state == "waiting"
    assert sandbox.messages == []
