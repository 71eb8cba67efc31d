"""Sending messages, against the sandbox."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import datetime
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import httpx
import pytest
from no_threads import no_more_threads
from outbox_places import MakeOutbox, let_time_pass
from waiting import wait_until

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Outbox, OutboxError, OutboxStoppedError, Outgoing
from blooio_outbox import verdicts
from blooio_sandbox import Sandbox

HOUR = 3600.0
TO = "+15550000001"
LIMIT = "outbound_limit_reached"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the sandbox."""
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made


def add(outbox: Outbox, count: int, number: str | None = None, campaign: str = "c") -> None:
    """Add one message for each of several recipients."""
    outbox.add_many(
        ({"to": f"+1555{index:07}", "text": f"Hi {index}", "from_number": number} for index in range(count)),
        campaign=campaign,
    )


def keys(sandbox: Sandbox) -> list[str | None]:
    """Return the idempotency keys of the sends, in order."""
    return [each.idempotency_key for each in sandbox.requests if each.operation == "sendMessage"]


def texts(sandbox: Sandbox) -> list[str | None]:
    """Return the texts of the accepted messages, in order."""
    return [each.text for each in sandbox.messages]


def run_until(is_true: Callable[[], bool], outbox: Outbox, client: Blooio, concurrency: int = 8) -> None:
    """Run an outbox until a condition holds."""
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(outbox.run, client, stop=stop, concurrency=concurrency)
        try:
            wait_until(lambda: running.done() or is_true())
        finally:
            stop.set()
        running.result()


def test_everything_is_sent_once(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A run sends every message, and a second run sends nothing."""
    add(outbox, 20)
    seen: list[int] = []
    outbox.run(client, until_empty=True, on_progress=lambda progress: seen.append(progress.left))
    outbox.run(client, until_empty=True)

    assert sorted(map(str, texts(sandbox))) == sorted(f"Hi {index}" for index in range(20))
    assert outbox.progress("c").counts == {"sent": 20}
    assert outbox.progress("other").total == 0
    assert seen[-1] == 0


def test_an_unknown_outcome_is_tried_again_under_the_same_key(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """If the connection breaks after sending, a second request with the same key leads to one message."""
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    outbox.run(client, until_empty=True)

    assert len(sandbox.messages) == 1
    assert len(keys(sandbox)) == 2
    assert len(set(keys(sandbox))) == 1
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
    assert len(keys(sandbox)) == 1
    with pytest.raises(InvalidArgumentError, match="may have been sent"):
        outbox.retry("a")
    assert outbox.retry("a", allow_duplicates=True)
    outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"sent": 1}


def test_a_rejected_message_is_a_dead_letter(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A rejected message does not hold up the others, and `retry` sends it."""
    sandbox.fail_next(400, code="bad_text")
    add(outbox, 3)
    outbox.run(client, concurrency=1, until_empty=True)
    dead = list(outbox.outcomes("c", state="failed"))

    assert outbox.progress().counts == {"failed": 1, "sent": 2}
    assert [each.reason for each in dead] == ["bad_text"]
    assert outbox.retry(dead[0].key)
    assert not outbox.retry("nothing")
    outbox.run(client, until_empty=True)
    assert outbox.progress().counts == {"sent": 3}


def test_a_rejection_after_an_unknown_outcome_is_unknown(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """If the second attempt gets a 400, the outcome of the first one is still unknown."""
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    sandbox.fail_next(400)
    outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"unknown": 1}


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
    assert sorted(map(str, texts(sandbox))) == ["Hi 0", "Hi 1", "Hi 2"]


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
    assert texts(sandbox)[-1] == "Welcome back"


def test_opting_out_just_before_the_request(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """An opt-out between claim and request prevents the message."""
    outbox: Outbox = make_outbox(may_send=lambda message: outbox.opt_out(message.recipient))
    outbox.add(TO, "Hi", key="a")
    outbox.run(client, until_empty=True)

    assert sandbox.messages == []
    assert outbox.progress().counts == {"skipped": 1}
    assert next(outbox.outcomes()).reason == "opted_out"


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


@contextmanager
def client_that(sandbox: Sandbox, does: Callable[[], object]) -> Generator[Blooio]:
    """A client that calls a hook just before each request."""
    with (
        httpx.Client(event_hooks={"request": [lambda _: does()]}, trust_env=False) as http_client,
        Blooio(sandbox.api_key, base_url=sandbox.base_url, http_client=http_client) as made,
    ):
        yield made


def test_cancelling_a_message_that_is_being_sent(outbox: Outbox, sandbox: Sandbox) -> None:
    """A message cancelled during its request is not retried if the request is rejected."""
    outbox.add(TO, "Hi", key="a")
    sandbox.fail_next(429, retry_after=0)
    with client_that(sandbox, lambda: outbox.cancel(key="a")) as client:
        outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"cancelled": 1}
    assert sandbox.messages == []


def test_cancelling_a_message_that_is_accepted_meanwhile(outbox: Outbox, sandbox: Sandbox) -> None:
    """A message that is accepted before the cancellation takes effect counts as sent."""
    outbox.add(TO, "Hi", key="a")
    with client_that(sandbox, lambda: outbox.cancel(key="a")) as client:
        outbox.run(client, until_empty=True)

    assert outbox.progress().counts == {"sent": 1}


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


def test_cancelling_a_message_that_fails_meanwhile(outbox: Outbox, sandbox: Sandbox) -> None:
    """If the connection breaks during a cancelled send, the outcome is unknown, and the send is not retried."""
    outbox.add(TO, "Hi", key="a")
    sandbox.drop_next(after_processing=True)
    with client_that(sandbox, lambda: outbox.cancel(key="a")) as client:
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


def test_a_system_with_too_few_threads(outbox: Outbox, client: Blooio, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system has no thread left, `run` raises an error, and the threads that it did start end."""
    add(outbox, 1)
    start, started = threading.Thread.start, list[threading.Thread]()

    def start_two(thread: threading.Thread) -> None:
        with no_more_threads() if len(started) == 2 else nullcontext():
            start(thread)
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start_two)
    with pytest.raises(RuntimeError, match="start new thread"):
        outbox.run(client, concurrency=4)

    assert [thread.is_alive() for thread in started] == [False, False]
    assert outbox.progress().counts == {"waiting": 1}


def test_messages_to_one_recipient_keep_their_order(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """Messages to one recipient are sent in order, even if a response is lost and an attempt rejected temporarily."""
    for index in range(4):
        outbox.add(TO, f"Hi {index}", key=f"{index}")
    sandbox.drop_next()
    sandbox.fail_next(429, retry_after=0.1)
    outbox.run(client, concurrency=8, until_empty=True)

    assert texts(sandbox) == ["Hi 0", "Hi 1", "Hi 2", "Hi 3"]


def test_a_heavy_recipient_does_not_keep_others_waiting(outbox: Outbox) -> None:
    """3,000 messages for one person do not delay the others."""
    outbox.add_many(({"to": TO, "text": "Hi", "key": f"heavy:{index}"} for index in range(3000)), campaign="heavy")
    add(outbox, 5)
    planned = outbox.plan()

    assert len(planned) == 6 - 1  # +15550000001 is the recipient of the 3,000


def test_not_before_and_not_after(outbox: Outbox, client: Blooio, sandbox: Sandbox, url: str) -> None:
    """A message waits until it is due, and is skipped once it is too late."""
    now = datetime.datetime.now(datetime.UTC)
    outbox.add(TO, "Later", key="later", not_before=now + datetime.timedelta(hours=1))
    outbox.add(TO, "Never", key="never", not_after=now + datetime.timedelta(hours=1))
    outbox.pause(None)
    let_time_pass(url, 2 * HOUR)
    outbox.resume(None)
    outbox.run(client, until_empty=True)

    assert texts(sandbox) == ["Later"]
    assert {each.key: each.reason for each in outbox.outcomes()} == {"later": None, "never": "too_late"}
    outbox.add(TO, "Tomorrow", key="tomorrow", not_before=now + datetime.timedelta(days=1))
    outbox.run(client, max_seconds=0.5)
    (waiting,) = outbox.outcomes(state="waiting")
    assert outbox.deliver(4 - 1, client).wait is not None
    assert waiting.due is not None


def test_quiet_hours(make_outbox: MakeOutbox, client: Blooio, sandbox: Sandbox) -> None:
    """Messages wait in quiet hours, fail without a known zone, and are sent with quiet_hours=None."""
    now = datetime.datetime.now(datetime.UTC)
    around = tuple((now + datetime.timedelta(hours=hours)).strftime("%H:%M") for hours in (-2, 2))
    outbox = make_outbox(quiet_hours=around)
    outbox.add(TO, "asleep", key="asleep", zone="UTC")
    outbox.add("+15550000002", "nowhere", key="nowhere")
    outbox.add("+15550000003", "asked for", key="asked for", quiet_hours=None)
    preview = outbox.preview()
    in_an_hour = now + datetime.timedelta(hours=1)
    run_until(
        lambda: (
            outbox.progress().counts == {"waiting": 1, "failed": 1, "sent": 1}
            and any(each.due and each.due > in_an_hour for each in outbox.outcomes(state="waiting"))
        ),
        outbox,
        client,
    )
    states = {each.key: each.state for each in outbox.outcomes()}

    assert (preview.messages, preview.without_zone) == (3, 1)
    assert texts(sandbox) == ["asked for"]
    assert states == {"asleep": "waiting", "nowhere": "failed", "asked for": "sent"}


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


def test_texts_are_erased_and_keys_kept(outbox: Outbox, client: Blooio, url: str) -> None:
    """A key that was sent is never sent again, until it is pruned."""
    outbox.add(TO, "Hi", key="a")
    outbox.run(client, until_empty=True)
    assert not outbox.add(TO, "Hi", key="a")
    assert outbox.prune() == 0
    (sent,) = outbox.outcomes()
    outbox.note_status(str(sent.message_id), "failed")
    with pytest.raises(InvalidArgumentError, match="was erased"):
        outbox.retry("a")
    let_time_pass(url, 91 * 24 * HOUR)

    assert outbox.prune() == 1
    assert list(outbox.outcomes()) == []


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


def test_deliver_is_harmless(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """`deliver` may be called twice, by many threads or for a missing message: one message is sent."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    threads = [threading.Thread(target=outbox.deliver, args=(planned.id, client)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys(sandbox)) == 1
    assert outbox.deliver(planned.id, client).state == "sent"
    assert outbox.deliver(999_999, client).state == "gone"


def test_invalid_arguments(outbox: Outbox, client: Blooio) -> None:
    """Invalid arguments raise an error."""
    with pytest.raises(OutboxError, match="concurrency must be"):
        outbox.run(client, concurrency=0)


def test_a_run_ends_when_its_event_is_set(outbox: Outbox, client: Blooio) -> None:
    """Setting the event ends a run, and messages not yet sent stay in the outbox."""
    add(outbox, 3)
    stop = threading.Event()
    stop.set()
    outbox.run(client, stop=stop)

    assert outbox.progress().counts == {"waiting": 3}
