"""A send whose outcome is unknown is retried with the same key, and only while that key is valid."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import pytest
from outbox_places import let_time_pass
from outbox_runs import client_that, run_until, sent_keys

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Outbox
from blooio_outbox import verdicts
from blooio_sandbox import Sandbox

HOUR = 3600.0
TO = "+15550000001"


def test_an_unknown_outcome_is_tried_again_under_the_same_key(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """If the connection breaks after sending, a second request with the same key leads to one message."""
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    outbox.run(client, until_empty=True)

    assert len(sandbox.messages) == 1
    assert len(sent_keys(sandbox)) == 2
    assert len(set(sent_keys(sandbox))) == 1
    assert next(outbox.outcomes()).state == "sent"


def test_after_the_window_a_person_decides(
    outbox: Outbox, client: Blooio, sandbox: Sandbox, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 hours after its first attempt, an unknown outcome is final; it is retried only if duplicates are allowed."""
    monkeypatch.setattr(verdicts, "backoff", lambda *_: 3600.0)
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    run_until(lambda: outbox.progress().counts == {"retrying": 1}, outbox, client)
    assert outbox.progress().counts == {"retrying": 1}
    let_time_pass(url, 21 * HOUR)
    outbox.run(client, until_empty=True)

    assert [each.state for each in outbox.outcomes(state="unknown")] == ["unknown"]
    assert len(sent_keys(sandbox)) == 1
    with pytest.raises(InvalidArgumentError, match="may have been sent"):
        outbox.retry("a")
    assert outbox.retry("a", allow_duplicates=True)
    outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"sent": 1}


def test_a_rejection_after_an_unknown_outcome_is_unknown(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """If the second attempt gets a 400, the outcome of the first one is still unknown."""
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    sandbox.fail_next(400)
    outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"unknown": 1}


def test_an_interrupted_send_is_unknown(outbox: Outbox, sandbox: Sandbox) -> None:
    """Ctrl-C during a request leaves an unknown outcome, and the retry uses the same key."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()

    def interrupt() -> None:
        raise KeyboardInterrupt

    with client_that(sandbox, interrupt) as client, pytest.raises(KeyboardInterrupt):
        outbox.deliver(planned.id, client)

    assert outbox.progress().counts == {"retrying": 1}
