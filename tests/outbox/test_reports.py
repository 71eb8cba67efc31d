"""What an outbox reports: a preview, progress and outcomes."""

from __future__ import annotations

import pytest
from outbox_places import MakeOutbox, let_time_pass
from outbox_runs import add

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox


def test_preview(make_outbox: MakeOutbox, sandbox: Sandbox) -> None:
    """A preview counts messages and sends nothing."""
    outbox = make_outbox(per_minute=10)
    first, second = sandbox.numbers
    add(outbox, 20, first)
    add(outbox, 5, second, campaign="d")
    outbox.opt_out("+15550000002")
    outbox.add("+15550000002", "x", campaign="e", key="opted out")
    preview = outbox.preview("c")

    assert (preview.messages, preview.per_number, preview.seconds) == (19, {first: 19}, 19 * 6.0)
    assert outbox.preview("e").opted_out == 1
    assert outbox.preview("nothing").seconds == 0.0
    assert outbox.preview().messages == 19 + 4 + 1
    assert sandbox.messages == []


def test_outcomes_come_in_pages(outbox: Outbox) -> None:
    """Outcomes that span several pages are returned once each."""
    add(outbox, 2001)

    assert len({each.key for each in outbox.outcomes("c")}) == 2001
    assert outbox.preview().messages == 2001
    with pytest.raises(InvalidArgumentError, match="state must be one of"):
        outbox.outcomes(state="lost")


def test_progress_says_how_long_it_takes(outbox: Outbox, client: Blooio, url: str) -> None:
    """`seconds_left` is based on the rate of the last minute."""
    add(outbox, 6)
    outbox.run(client, until_empty=True)
    assert outbox.progress().seconds_left == 0.0
    outbox.pause(None)
    add(outbox, 3, campaign="d")
    assert outbox.progress().seconds_left == pytest.approx(3 / (6 / 60))
    let_time_pass(url, 120)

    assert outbox.progress().seconds_left is None
