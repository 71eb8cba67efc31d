"""When a number stops sending, and when it resumes."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import re

import pytest
from outbox_places import let_time_pass
from outbox_runs import add, run_until, sent_texts
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_client.outbox import Outbox, OutboxStoppedError
from blooio_sandbox import Sandbox

HOUR = 3600.0
LIMIT = "outbound_limit_reached"


def test_a_quota_stops_its_number_until_the_next_day(
    outbox: Outbox, client: Blooio, sandbox: Sandbox, url: str
) -> None:
    """A quota stops its number until the next day, while the other number continues."""
    first, second = sandbox.numbers
    add(outbox, 2, second, campaign="b")
    sandbox.fail_next(429, code=LIMIT)
    outbox.pause(second)
    add(outbox, 3, first)
    run_until(lambda: any(each.reason == LIMIT for each in outbox.numbers()), outbox, client, concurrency=1)
    assert outbox.progress().counts == {"waiting": 5}
    outbox.resume(second)
    run_until(lambda: outbox.progress("b").counts == {"sent": 2}, outbox, client)
    statuses = {each.number: each for each in outbox.numbers()}

    assert outbox.progress("b").counts == {"sent": 2}
    assert outbox.progress("c").counts == {"waiting": 3}
    assert statuses[first].reason == LIMIT
    assert statuses[first].paused_until is not None
    assert statuses[second].paused_until is None
    let_time_pass(url, 25 * HOUR)
    outbox.run(client, until_empty=True)
    assert outbox.progress("c").counts == {"sent": 3}
    assert len(sandbox.messages) == 5


def test_a_quota_of_one_conversation_fails_that_recipient(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A conversation's quota fails that message, and the number continues at once."""
    sandbox.fail_next(429, code="conversation_streak_limit")
    add(outbox, 3)
    outbox.run(client, concurrency=1, until_empty=True)

    assert outbox.progress().counts == {"failed": 1, "sent": 2}


def test_a_rate_limit_pauses_the_number(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """After a 429, nothing is sent until Retry-After has passed, and no attempt is counted."""
    add(outbox, 3)
    sandbox.fail_next(429, retry_after=1)
    outbox.run(client, concurrency=1, until_empty=True)
    sends = [each for each in sandbox.requests if each.operation == "sendMessage"]
    times = [each.time_received for each in sends if each.time_received is not None]

    assert times[1] - times[0] >= 1000
    assert {each.attempts for each in outbox.outcomes()} == {0}
    assert sorted(sent_texts(sandbox)) == ["Hi 0", "Hi 1", "Hi 2"]


def test_a_service_that_is_down_makes_the_number_back_off(outbox: Outbox, client: Blooio) -> None:
    """If the service is unreachable, the number backs off; no message is lost, and no attempt is counted."""
    add(outbox, 8)
    with Blooio("key", base_url="http://127.0.0.1:1/v2/api") as nowhere:
        run_until(lambda: any(each.reason for each in outbox.numbers()), outbox, nowhere)
    (number,) = outbox.numbers()

    assert outbox.progress().counts == {"waiting": 8}
    assert (number.reason, number.paused_until is None) == ("unreachable", False)
    outbox.resume(None)
    outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"sent": 8}


def test_a_wrong_base_url_fails_no_message(outbox: Outbox, client: Blooio, httpserver: HTTPServer) -> None:
    """A 404 that is a web page comes from another server or a gateway: the number backs off, and no message fails."""
    add(outbox, 2)
    httpserver.expect_request(re.compile(".*")).respond_with_data("<h1>Not Found</h1>", 404, content_type="text/html")
    with Blooio("key", base_url=httpserver.url_for("/wrong")) as elsewhere:
        run_until(lambda: any(each.reason for each in outbox.numbers()), outbox, elsewhere)
    (number,) = outbox.numbers()

    assert outbox.progress().counts == {"waiting": 2}
    assert number.reason == "not_the_api"
    outbox.resume(None)
    outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"sent": 2}


@pytest.mark.parametrize("status", [401, 402])
def test_a_rejected_account_stops_everything(outbox: Outbox, client: Blooio, sandbox: Sandbox, status: int) -> None:
    """If the account is rejected, the worker stops with an error, and the next run continues."""
    add(outbox, 3)
    sandbox.fail_next(status, times=None)
    with pytest.raises(OutboxStoppedError, match="no message is lost"):
        outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"waiting": 3}
    sandbox.stop_failing()
    outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"sent": 3}


def test_a_paused_number_keeps_its_messages(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A paused number sends nothing until it is resumed."""
    add(outbox, 2)
    planned = outbox.plan()
    outbox.pause(None)
    outbox.run(client, max_seconds=0.5)

    assert outbox.deliver(planned[0].id, client).state == "waiting"
    assert sandbox.messages == []
    assert [each.reason for each in outbox.numbers()] == ["paused"]
    outbox.resume(None)
    outbox.run(client, until_empty=True)
    assert len(sandbox.messages) == 2
