"""A run sends each message once, in order and on time."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import datetime
import threading
from contextlib import nullcontext

import pytest
from no_threads import no_more_threads
from outbox_places import MakeOutbox, let_time_pass
from outbox_runs import add, run_until, sent_keys, sent_texts

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

HOUR = 3600.0
TO = "+15550000001"


def test_everything_is_sent_once(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A run sends every message, and a second run sends nothing."""
    add(outbox, 20)
    seen: list[int] = []
    outbox.run(client, until_empty=True, on_progress=lambda progress: seen.append(progress.left))
    outbox.run(client, until_empty=True)

    assert sorted(sent_texts(sandbox)) == sorted(f"Hi {index}" for index in range(20))
    assert outbox.progress("c").counts == {"sent": 20}
    assert outbox.progress("other").total == 0
    assert seen[-1] == 0


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

    assert sent_texts(sandbox) == ["Hi 0", "Hi 1", "Hi 2", "Hi 3"]


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

    assert sent_texts(sandbox) == ["Later"]
    assert {each.key: each.reason for each in outbox.outcomes()} == {"later": None, "never": "too_late"}
    outbox.add(TO, "Tomorrow", key="tomorrow", not_before=now + datetime.timedelta(days=1))
    outbox.run(client, max_seconds=0.5)
    (waiting,) = outbox.outcomes(state="waiting")
    assert outbox.deliver(4 - 1, client).wait is not None
    assert waiting.due is not None


def test_a_styled_text(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A row with format="markdown" is sent with its styles, next to plain rows."""
    rows = [
        {"to": TO, "text": "**Today**", "key": "styled", "format": "markdown"},
        {"to": TO, "text": "**Today**", "key": "plain"},
    ]
    outbox.add_many(rows)
    outbox.run(client, concurrency=1, until_empty=True)

    assert sent_texts(sandbox) == ["Today", "**Today**"]


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
    assert sent_texts(sandbox) == ["asked for"]
    assert states == {"asleep": "waiting", "nowhere": "failed", "asked for": "sent"}


def test_deliver_is_harmless(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """`deliver` may be called twice, by many threads or for a missing message: one message is sent."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    threads = [threading.Thread(target=outbox.deliver, args=(planned.id, client)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sent_keys(sandbox)) == 1
    assert outbox.deliver(planned.id, client).state == "sent"
    assert outbox.deliver(999_999, client).state == "gone"


def test_a_run_ends_when_its_event_is_set(outbox: Outbox, client: Blooio) -> None:
    """Setting the event ends a run, and messages not yet sent stay in the outbox."""
    add(outbox, 3)
    stop = threading.Event()
    stop.set()
    outbox.run(client, stop=stop)

    assert outbox.progress().counts == {"waiting": 3}
