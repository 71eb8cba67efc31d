"""New events in a delivery log."""

from __future__ import annotations

from typing import Any

import pytest

from blooio_client.models import WebhookLog
from blooio_client.types import Secret
from blooio_overrides import webhooks
from blooio_overrides._rules.webhook_logs import LATE_BY, RETRIED_FOR, Follower, local_url, signed_delivery
from blooio_overrides.errors import InvalidArgumentError

START = 1_700_000_000_000
INVALID_CURSORS: list[Any] = ["", ":", "5", "5:", ":evt_1", "x:evt_1", "-5:evt_1", "\u0665:evt_1", 5, b"5:evt_1"]


def log(event: object, moment: Any = 0, **more: Any) -> WebhookLog:
    """An entry this many milliseconds after the start."""
    time = START + moment if isinstance(moment, int) else moment
    body = {"event": "message.received", "message_id": str(event)}
    return WebhookLog.from_dict({"event_id": event, "attempted_time": time, "event_body": body, **more})


def polled(follower: Follower, *oldest_first: WebhookLog) -> list[str]:
    """Return the ids of the new events of a poll, which skips entries that are too old."""
    newest_first: list[WebhookLog] = []
    for entry in reversed(oldest_first):
        if follower.is_enough(entry):
            break
        newest_first.append(entry)
    return [str(delivery.log.event_id) for delivery in follower.take(newest_first)]


def test_existing_deliveries_are_not_new() -> None:
    """Without a cursor, the first poll yields nothing, and later ones yield new events in order."""
    follower = Follower(None)

    assert polled(follower, log("a", 0), log("b", 1)) == []
    assert polled(follower, log("a", 0), log("b", 1), log("c", 2), log("d", 3)) == ["c", "d"]
    assert polled(follower, log("c", 2), log("d", 3)) == []


def test_an_empty_log_has_nothing_old() -> None:
    """In an empty log, the first event is new."""
    follower = Follower(None)

    assert polled(follower) == []
    assert polled(follower, log("a", 0)) == ["a"]


def test_each_event_is_yielded_once() -> None:
    """Further attempts of an event are not new; a replay, which has its own id, is."""
    follower = Follower(None)
    polled(follower)

    assert polled(follower, log("a", 0), log("a", 1)) == ["a"]
    assert polled(follower, log("a", 0), log("a", 1), log("b", 5), log("a", RETRIED_FOR)) == ["b"]
    assert polled(follower, log("a", RETRIED_FOR), log("a", RETRIED_FOR + 1), log("a2", RETRIED_FOR + 2)) == ["a2"]


def test_a_late_entry_is_yielded() -> None:
    """An entry that is logged after younger ones is new, unless it is later than entries can be."""
    follower = Follower(None)
    polled(follower)

    assert polled(follower, log("b", LATE_BY)) == ["b"]
    assert polled(follower, log("a", 0), log("b", LATE_BY)) == ["a"]
    assert follower.is_enough(log("older", -1))


def test_a_cursor_continues_after_its_event() -> None:
    """A cursor continues with all later events, without further attempts of earlier ones."""
    first = Follower(None)
    polled(first)
    entries = [log("a", 0), log("b", 7), log("c", 7), log("d", 8)]
    given = first.take(list(reversed(entries)))

    later = [log("a", 9), log("e", 10)]
    for number, delivery in enumerate(given):
        expected = ["a", "b", "c", "d", "e"][number + 1 :]
        assert polled(Follower(delivery.cursor), *entries, *later) == expected


@pytest.mark.parametrize(("moment", "expected"), [(6, ["b", "c"]), (7, ["b", "c"]), (8, [])])
def test_a_cursor_whose_event_is_gone_loses_nothing(moment: int, expected: list[str]) -> None:
    """If the cursor's event is no longer in the log, reading resumes from the time in the cursor."""
    cursor = f"{START + moment}:gone"

    assert polled(Follower(cursor), log("a", 0), log("b", 7), log("c", 7)) == expected


@pytest.mark.parametrize("time", [None, "soon", []])
def test_an_entry_without_a_time_is_yielded_once(time: Any) -> None:
    """An entry without a time is new when first seen."""
    follower = Follower(None)
    polled(follower, log("a", 0))

    assert polled(follower, log("a", 0), log("b", time)) == ["b"]
    assert polled(follower, log("a", 0), log("b", time)) == []


def test_seen_deliveries_are_forgotten() -> None:
    """The memory of a follower does not grow with the log."""
    follower = Follower(None)
    polled(follower)
    for number in range(100):
        polled(follower, log(number, number * RETRIED_FOR))

    assert len(vars(follower)["_seen"]) <= 2


@pytest.mark.parametrize("cursor", INVALID_CURSORS)
def test_an_invalid_cursor_is_rejected(cursor: Any) -> None:
    """Only the cursor of a delivery is valid."""
    with pytest.raises(InvalidArgumentError, match="cursor"):
        Follower(cursor)


@pytest.mark.parametrize(
    ("more", "extra", "is_replay"),
    [
        ({}, {}, False),
        ({"metadata": {"message_id": "msg_1", "is_replay": False}}, {"X-Blooio-Message-Id": "msg_1"}, False),
        (
            {"metadata": {"is_replay": True, "original_event_id": "evt_0"}},
            {"X-Blooio-Replay": "true", "X-Original-Event-Id": "evt_0"},
            True,
        ),
        ({"metadata": {"message_id": "two\r\nlines", "original_event_id": 5}}, {}, False),
        ({"metadata": "none"}, {}, False),
    ],
)
def test_a_delivery_can_be_received(more: dict[str, Any], extra: dict[str, str], is_replay: bool) -> None:
    """The body and headers of a forwarded event pass a receiver's check and match the log."""
    follower = Follower(None)
    polled(follower)
    (delivery,) = follower.take([log("evt_1", **more)])
    body, headers = signed_delivery(delivery, Secret("whsec_1"))
    event = webhooks.unwrap(body, headers, secret="whsec_1")

    assert (event.raw, event.is_replay) == (delivery.event.raw, is_replay)
    assert {name: headers[name] for name in headers if name not in ("Content-Type", "X-Blooio-Signature")} == {
        "X-Blooio-Event": "message.received",
        **extra,
    }


def test_an_entry_without_a_body_is_an_unknown_event() -> None:
    """A log entry without a body is an UnknownEvent."""
    follower = Follower(None)
    polled(follower)
    (delivery,) = follower.take([log("evt_1", event_body=None)])

    assert type(delivery.event) is webhooks.UnknownEvent
    assert "evt_1" in delivery.cursor


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/blooio", "http://localhost/", "https://[::1]:1/"])
def test_a_url_of_this_machine_is_accepted(url: str) -> None:
    """Events may be forwarded to loopback."""
    assert local_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *("https://example.com", "http://192.0.2.1/", "ftp://127.0.0.1/", "127.0.0.1", "http://", "http://[", 5, None),
        *("http://localhost:abc/", "http://localhost:99999/", "http://localhost:0/", "http://localhost/\0"),
    ],
)
def test_a_url_of_another_machine_is_rejected(url: Any) -> None:
    """Events are not forwarded to other machines, and an invalid URL is rejected at once."""
    with pytest.raises(InvalidArgumentError, match="of this machine"):
        local_url(url)
