"""Cancelling campaigns and messages, before and during their requests."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

from collections.abc import Callable

import pytest
from outbox_places import MakeOutbox
from outbox_runs import add, client_that, run_until, sent_keys

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Outbox, Outgoing
from blooio_outbox import verdicts
from blooio_sandbox import Sandbox

TO = "+15550000001"


def test_cancelling_a_campaign_while_it_runs(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """Messages not yet sent are cancelled and their texts erased; a request in progress keeps its result."""
    counted: list[int] = []

    def cancel_at(message: Outgoing) -> bool:
        if message.text == "Hi 2":
            counted.append(outbox.cancel("c"))
        return True

    outbox = make_outbox(may_send=cancel_at)
    add(outbox, 6)
    outbox.run(client, concurrency=1, until_empty=True)
    counts = outbox.progress().counts

    assert counts["sent"] + counts["cancelled"] == 6
    assert counts["sent"] == len(sandbox.messages)
    assert counted == [counts["cancelled"]]
    assert {each.state for each in outbox.outcomes() if each.recipient == "+15550000002"} == {"cancelled"}


@pytest.mark.parametrize(
    ("prepare", "state", "accepted"),
    [
        (lambda sandbox: sandbox.fail_next(429, retry_after=0), "cancelled", 0),
        (lambda _sandbox: None, "sent", 1),
        (lambda sandbox: sandbox.drop_next(after_processing=True), "unknown", 1),
    ],
    ids=["rejected", "accepted", "unknown"],
)
def test_cancelling_a_message_that_is_being_sent(
    outbox: Outbox, sandbox: Sandbox, prepare: Callable[[Sandbox], object], state: str, accepted: int
) -> None:
    """A message cancelled during its request is not retried, and the result of the request decides its state."""
    outbox.add(TO, "Hi", key="a")
    prepare(sandbox)
    with client_that(sandbox, lambda: outbox.cancel(key="a")) as client:
        outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {state: 1}
    assert len(sandbox.messages) == accepted
    assert len(sent_keys(sandbox)) == 1


def test_cancelling_a_message_of_unknown_outcome(
    outbox: Outbox, client: Blooio, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelling a message with an unknown outcome ends it as `unknown`."""
    monkeypatch.setattr(verdicts, "backoff", lambda *_: 3600.0)
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    run_until(lambda: outbox.progress().counts == {"retrying": 1}, outbox, client)
    assert outbox.cancel(key="a") == 1

    assert [each.state for each in outbox.outcomes()] == ["unknown"]
    with pytest.raises(InvalidArgumentError, match="either a campaign or key="):
        outbox.cancel()


def test_cancelling_an_empty_key(outbox: Outbox) -> None:
    """An empty key names no message; in particular, not every message without a campaign."""
    outbox.add(TO, "Hi", key="a")

    assert outbox.cancel(key="") == 0
    assert outbox.progress().counts == {"waiting": 1}
