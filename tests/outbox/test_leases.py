"""Claims end with their lease, and a process that slept does not send messages that others may have claimed."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import sqlalchemy.exc
from no_threads import no_more_threads
from outbox_places import MakeOutbox, let_time_pass

from blooio_client import Blooio, SentMessage
from blooio_client.outbox import Outbox
from blooio_outbox import deliver, leases
from blooio_outbox.leases import elapsed
from blooio_outbox.ledger.schema import messages
from blooio_outbox.verdicts import admit
from blooio_sandbox import Sandbox

TO = "+15550000001"


def begin(outbox: Outbox) -> deliver.Attempt:
    """Claim the only message, like a worker that is then delayed."""
    (planned,) = outbox.plan()
    attempt = deliver.begin(outbox._context, planned.id)
    assert isinstance(attempt, deliver.Attempt)
    return attempt


def test_messages_of_a_dead_worker_are_sent_by_another(
    make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox, url: str
) -> None:
    """After its lease, a dead worker's message is sent by another worker, and the old claim can change nothing."""
    dead = make_outbox()
    dead.add(TO, "Hi", key="a")
    attempt = begin(dead)
    other = make_outbox()
    assert other.plan() == []
    assert other.deliver(attempt.message.id, client).state == "sending"
    let_time_pass(url, 9.0)
    other.run(client, until_empty=True)

    assert len(sandbox.messages) == 1
    assert attempt.finish(None, RuntimeError("late")).state == "sending"
    assert other.progress().counts == {"sent": 1}


def accepted(message_id: str) -> SentMessage:
    """Return what the client returns for an accepted message."""
    return SentMessage([message_id], duplicate=False, idempotency_key="key", status=None)


@pytest.mark.parametrize(("hours", "state"), [(0.0025, "retrying"), (21.0, "unknown")])
def test_a_success_that_comes_after_the_lease(
    make_outbox: MakeOutbox, client: Blooio, url: str, hours: float, state: str
) -> None:
    """A message that Blooio accepted is sent, even if the worker learns it after its lease: nobody sends it again."""
    slow, other = make_outbox(), make_outbox()
    slow.add(TO, "Hi", key="a")
    attempt = begin(slow)
    let_time_pass(url, hours * 3600)
    other.plan()
    if state == "unknown":
        other.deliver(attempt.message.id, client)
    assert other.progress().counts == {state: 1}

    assert attempt.finish(accepted("msg_1"), None).state == "sent"
    other.run(client, until_empty=True)
    (message,) = other.outcomes()
    assert (message.state, message.reason, message.message_id) == ("sent", None, "msg_1")


def test_a_success_of_both_workers(make_outbox: MakeOutbox, url: str) -> None:
    """If two workers send one message, its status that came early by webhook is kept, whoever is first."""
    slow, other = make_outbox(), make_outbox()
    slow.add(TO, "Hi", key="a")
    first = begin(slow)
    let_time_pass(url, 9.0)
    second = begin(other)
    other.note_status("msg_1", "failed")

    assert [each.finish(accepted("msg_1"), None).state for each in (first, second)] == ["failed", "sending"]
    assert other.progress().counts == {"failed": 1}


def test_deliver_takes_over_without_a_plan(make_outbox: MakeOutbox, client: Blooio, url: str) -> None:
    """`deliver` takes over a message whose lease has ended, and counts an attempt."""
    dead, other = make_outbox(), make_outbox()
    dead.add(TO, "Hi", key="a")
    attempt = begin(dead)
    let_time_pass(url, 9.0)

    assert other.deliver(attempt.message.id, client).state == "sent"
    assert next(other.outcomes()).attempts == 1


def test_a_machine_that_slept_does_not_send(
    make_outbox: MakeOutbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim older than half a lease, by either clock, is released."""
    outbox = make_outbox()
    outbox.add(TO, "Hi", key="a")
    attempt = begin(outbox)
    awake = leases.elapsed()
    monkeypatch.setattr(leases, "elapsed", lambda: (awake[0], awake[1] + 5.0))  # the monotonic clock stood still
    refused = attempt.before_request()

    assert refused is not None
    assert refused.state == "waiting"
    assert outbox.progress().counts == {"waiting": 1}
    assert sandbox.requests == []


def test_a_renewed_claim_holds_until_the_process_sleeps(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim is valid while it is renewed; a claim from before a sleep is not, even if renewed afterwards."""
    outbox.add(TO, "Hi", key="a")
    attempt = begin(outbox)
    held, start = outbox._leases, leases.elapsed()
    monkeypatch.setattr(held, "_renewed", start)
    monkeypatch.setattr(held, "_unbroken", start)
    began = tuple(each + 0.001 for each in start)
    for seconds, holds in ((2.0, True), (4.0, True), (6.0, True), (16.0, False)):
        monkeypatch.setattr(leases, "elapsed", lambda passed=seconds: tuple(each + passed for each in start))
        held._renew([attempt.message.id])

        assert held.holds(began) is holds  # type: ignore[arg-type]


def test_a_lease_that_cannot_be_renewed_ends(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the database is unavailable, no claim is valid."""
    outbox.add(TO, "Hi", key="a")
    attempt = begin(outbox)

    def away() -> None:
        raise sqlalchemy.exc.OperationalError("SELECT 1", {}, RuntimeError("away"))

    monkeypatch.setattr(outbox._database, "begin", away)
    outbox._leases._renew([attempt.message.id])

    assert "cannot renew its leases: OperationalError" in caplog.text


def test_a_child_process_has_claims_of_its_own(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child process neither renews nor uses its parent's claims."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    parent = outbox._leases.owner
    monkeypatch.setattr(outbox._leases, "_process", -1)  # as inherited from another process
    deliver.begin(outbox._context, planned.id)

    with outbox._database.read() as tx:
        owner = tx.scalar(sa.select(messages.c.owner))
    assert owner == outbox._leases.owner != parent


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    limit = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_leases_are_renewed_while_a_message_is_in_hand(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread renews claims, ends after the last one, and restarts with the next one."""
    outbox.add(TO, "Hi", key="a")
    for module in (leases, deliver):
        monkeypatch.setattr(module, "elapsed", elapsed)  # the clocks run
    attempt = begin(outbox)
    held = outbox._leases
    monkeypatch.setattr(held, "_lease", 0.08)
    first = lease_of(outbox)
    for _ in range(2):
        with held.holding(attempt.claim, attempt.began):
            eventually(lambda: held._renewed > attempt.began)
        eventually(lambda: held._thread is None)

    assert lease_of(outbox) != first


def test_nothing_is_claimed_without_a_thread(outbox: Outbox, client: Blooio) -> None:
    """If the system has no thread left to renew a claim, `deliver` raises before it claims, and works later."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    with no_more_threads(), pytest.raises(RuntimeError, match="start new thread"):
        outbox.deliver(planned.id, client)

    assert outbox.progress().counts == {"waiting": 1}
    assert outbox.deliver(planned.id, client).state == "sent"


def lease_of(outbox: Outbox) -> float | None:
    """Return the lease of the only message."""
    with outbox._database.read() as tx:
        return tx.scalar(sa.select(messages.c.lease))


def test_a_claim_that_loses_the_race(make_outbox: MakeOutbox) -> None:
    """Releasing a message that another process has claimed changes nothing."""
    one, two = make_outbox(), make_outbox()
    one.add(TO, "Hi", key="a")
    attempt = begin(one)
    with two._database.begin() as tx:
        tx.execute(sa.update(messages).values(claims=7))

    from blooio_outbox.ledger.record import release

    assert release(one._database, attempt.claim).state == "sending"


def test_two_workers_that_read_a_message_at_once(
    open_outbox: Callable[[str], Outbox], postgresql_url: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If two workers read a message at once, only one claims it; SQLite, which serializes writers, is not affected."""
    one, two = open_outbox(postgresql_url), open_outbox(postgresql_url)
    one.add(TO, "Hi", key="a")
    (planned,) = one.plan()

    def claimed_meanwhile(*arguments: Any) -> Any:
        with two._database.begin() as tx:
            tx.execute(sa.update(messages).values(state="sending", claims=messages.c.claims + 1))
        return admit(*arguments)

    monkeypatch.setattr("blooio_outbox.ledger.claim.admit", claimed_meanwhile)
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        assert one.deliver(planned.id, client).state == "sending"
    assert sandbox.requests == []
