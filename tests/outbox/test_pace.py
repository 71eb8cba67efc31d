"""A number sends at its pace, however many workers run."""

# These tests inspect the ledger behind the public API.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import itertools
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from outbox_judge import judge
from outbox_places import MakeOutbox, let_time_pass
from outbox_runs import add, sent_texts

from blooio_client import AsyncBlooio, Blooio
from blooio_client.outbox import Delivery
from blooio_outbox import deliver
from blooio_outbox.ledger import claim
from blooio_outbox.ledger.schema import messages
from blooio_sandbox import Sandbox


def test_two_workers_keep_the_pace_of_a_number(
    make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At four per second, sends are a quarter of a second apart, and another number is not delayed."""
    slots: dict[int, float] = {}  # a slot that a busy machine misses is replaced

    def noted(*arguments: Any) -> Any:
        claimed = claim.claim(*arguments)
        if isinstance(claimed, claim.Claim) and claimed.message.number == first:
            slots[claimed.message.id] = claimed.message.now + claimed.wait
        return claimed

    monkeypatch.setattr(deliver, "claim", noted)
    first, second = sandbox.numbers
    outbox, other = make_outbox(), make_outbox()
    outbox.pace(first, per_minute=240)
    add(outbox, 12, first)
    outbox.add_many([{"to": "+15559999999", "text": "Hi", "from_number": second}], campaign="free")
    thread = threading.Thread(target=lambda: other.run(client, concurrency=2, until_empty=True))
    thread.start()
    outbox.run(client, concurrency=2, until_empty=True)
    thread.join()
    gaps = [late - early for early, late in itertools.pairwise(sorted(slots.values()))]

    assert judge(sandbox).is_exact(13)
    assert len(slots) == 12
    assert min(gaps) >= 0.85 * 0.25
    assert {each.number: each.per_minute for each in outbox.numbers()} == {first: 240.0, second: None}


def test_a_missed_slot_is_lost(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox, url: str) -> None:
    """A missed slot is replaced: at once if the next free one is near, otherwise by the next plan."""
    outbox = make_outbox(per_minute=1)
    add(outbox, 3)
    planned = outbox.plan(horizon=150.0)
    assert [round(each.wait, 1) for each in planned] == [0.0, 60.0, 120.0]
    with outbox._database.begin() as tx:
        late = messages.c.id.in_([each.id for each in planned])
        tx.execute(sa.update(messages).where(late).values(slot=messages.c.slot - 600))

    assert outbox.deliver(planned[0].id, client).state == "waiting"  # the next free slot is three minutes away
    let_time_pass(url, 179.5)
    assert outbox.deliver(planned[1].id, client).state == "sent"
    assert len(sandbox.messages) == 1


def test_an_engine_that_is_too_early(make_outbox: MakeOutbox, url: str) -> None:
    """A message delivered before its slot waits for it: at most ten seconds, or until it is delivered again."""
    outbox = make_outbox(per_minute=4)
    add(outbox, 2)
    _, second = outbox.plan(horizon=16.0)
    told = deliver.begin(outbox._context, second.id)
    assert isinstance(told, Delivery)
    assert (told.state, told.wait and round(told.wait)) == ("waiting", 15)
    let_time_pass(url, 6.0)
    attempt = deliver.begin(outbox._context, second.id)

    assert isinstance(attempt, deliver.Attempt)
    assert round(attempt.claim.wait) == 9


def test_an_engine_that_is_always_late(make_outbox: MakeOutbox, url: str) -> None:
    """A late message is sent at once if no other has a slot after it, and the next one keeps its distance."""
    outbox = make_outbox(per_minute=10)
    add(outbox, 3)
    for _ in range(3):
        (planned,) = outbox.plan()
        let_time_pass(url, planned.wait + 4.0)
        attempt = deliver.begin(outbox._context, planned.id)
        assert isinstance(attempt, deliver.Attempt)
        assert attempt.claim.wait == 0.0
        assert outbox.plan() == []
        let_time_pass(url, 1.0)  # five seconds ahead of the next slot, it is planned


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_paced_message_does_not_wait_behind_a_backlog(make_outbox: MakeOutbox, sandbox: Sandbox, kind: str) -> None:
    """A message with a slot goes first: behind the backlog of a number without a pace, it would miss its slot."""
    unpaced, paced = sandbox.numbers
    sandbox.delay_next(0.05, times=None, operation="sendMessage")
    outbox = make_outbox()
    add(outbox, 12, unpaced)
    outbox.pace(paced, per_minute=1)
    outbox.add("+15559999999", "Paced", key="paced", from_number=paced)

    async def work() -> None:
        async with AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url) as client:
            await outbox.arun(client, concurrency=1, until_empty=True)

    if kind == "async":
        asyncio.run(work())
    else:
        with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
            outbox.run(client, concurrency=1, until_empty=True)

    assert "Paced" in sent_texts(sandbox)[:2]


def test_an_unused_slot_is_assigned_again(make_outbox: MakeOutbox, url: str) -> None:
    """A message whose job was lost is planned again."""
    outbox = make_outbox()
    outbox.add("+15550000001", "Hi", key="a")

    assert len(outbox.plan()) == 1
    assert outbox.plan() == []
    let_time_pass(url, 3.0)
    assert len(outbox.plan()) == 1


def test_a_number_that_was_paused_while_a_message_waited_for_its_slot(make_outbox: MakeOutbox) -> None:
    """If the number is paused while a message waits for its slot, the message is not sent."""
    outbox = make_outbox(per_minute=10)
    add(outbox, 2)
    _, second = outbox.plan(horizon=7.0)
    attempt = deliver.begin(outbox._context, second.id)
    assert isinstance(attempt, deliver.Attempt)
    assert attempt.claim.wait > 0.25
    outbox.pause(None)
    refused = attempt.before_request()

    assert refused is not None
    assert refused.state == "waiting"


def test_a_recipient_who_opts_out_while_a_message_waits_for_its_slot(make_outbox: MakeOutbox) -> None:
    """If the recipient opts out while a message waits for its slot, the message is skipped."""
    outbox = make_outbox(per_minute=10)
    add(outbox, 2)
    _, second = outbox.plan(horizon=7.0)
    attempt = deliver.begin(outbox._context, second.id)
    assert isinstance(attempt, deliver.Attempt)
    outbox.opt_out(attempt.message.recipient)
    refused = attempt.before_request()

    assert refused is not None
    assert (refused.state, refused.wait) == ("skipped", None)


def test_no_pace(make_outbox: MakeOutbox) -> None:
    """With per_minute=None, a number does not use the outbox's pace."""
    outbox = make_outbox(per_minute=10)
    outbox.pace(None, per_minute=None)
    add(outbox, 9)

    assert len(outbox.plan()) == 9


def test_setting_a_pace_again_keeps_the_distance(make_outbox: MakeOutbox, url: str) -> None:
    """A process that sets the pace whenever it starts does not make the number send faster."""
    outbox = make_outbox()
    add(outbox, 3)
    outbox.pace(None, per_minute=1)
    assert len(outbox.plan(horizon=0)) == 1
    outbox.pace(None, per_minute=1)
    assert outbox.plan(horizon=0) == []
    outbox.pace(None, per_minute=0.1)
    let_time_pass(url, 300)
    assert outbox.plan(horizon=0) == []
    let_time_pass(url, 300)

    assert len(outbox.plan(horizon=0)) == 1
