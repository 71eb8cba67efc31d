"""`may_send` decides on each message just before its request."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator

import pytest
from outbox_places import MakeOutbox
from outbox_runs import add, run_until

from blooio_client import Blooio
from blooio_client.outbox import Outgoing
from blooio_sandbox import Sandbox

TO = "+15550000001"


def test_may_send_decides_for_each_message(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """`may_send` is called with each message, and a message that it rejects is skipped."""
    seen: list[Outgoing] = []

    def decide(message: Outgoing) -> bool:
        seen.append(message)
        return message.text != "Hi 1"

    outbox = make_outbox(may_send=decide)
    add(outbox, 3, sandbox.number)
    outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"sent": 2, "skipped": 1}
    assert Outgoing("c:+15550000001", "c", "+15550000001", sandbox.number, "Hi 1") in seen


def test_may_send_that_raises(make_outbox: MakeOutbox, client: Blooio, caplog: pytest.LogCaptureFixture) -> None:
    """If `may_send` raises, its message waits a minute, and the others are sent."""

    def raises(message: Outgoing) -> bool:
        if message.text == "Hi 1":
            raise LookupError(message.text)
        return True

    outbox = make_outbox(may_send=raises)
    add(outbox, 3)
    began = datetime.datetime.now(datetime.UTC)
    run_until(lambda: outbox.progress().counts.get("sent") == 2 and bool(caplog.text), outbox, client)
    (waiting,) = outbox.outcomes(state="waiting")

    assert outbox.progress().counts == {"sent": 2, "waiting": 1}
    assert "may_send failed: LookupError in" in caplog.text
    assert waiting.due is not None
    assert waiting.due - began > datetime.timedelta(seconds=50)


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


def test_an_interruption_before_the_request(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """After an interruption before the request, the message waits again at once."""

    def interrupt(_message: Outgoing) -> bool:
        raise KeyboardInterrupt

    outbox = make_outbox(may_send=interrupt)
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(planned.id, client)

    assert outbox.progress().counts == {"waiting": 1}
    assert sandbox.requests == []


def test_a_hook_that_exits_ends_the_worker(make_outbox: MakeOutbox, client: Blooio) -> None:
    """SystemExit in a thread ends the worker and is raised by `run`, instead of ending the threads one by one."""

    def leave(_message: Outgoing) -> bool:
        sys.exit(3)

    outbox = make_outbox(may_send=leave)
    add(outbox, 5)
    with pytest.raises(SystemExit):
        outbox.run(client, concurrency=2, max_seconds=20)

    assert outbox.progress().counts == {"waiting": 5}
