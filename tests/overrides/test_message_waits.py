"""When a wait polls again, and when it is over."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from blooio_client.models import MessageStatus
from blooio_client.types import UNSET
from blooio_overrides._call import retries as deadlines
from blooio_overrides._rules.messages import Watch
from blooio_overrides.errors import DeadlineExceededError, MessageFailedError, RateLimitError

SENT = MessageStatus.from_dict({"message_id": "msg_1", "status": "sent"})


class Clock:
    """A clock that advances on demand."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The client's clock."""
    made = Clock()
    monkeypatch.setattr(deadlines, "now", made)
    return made


def test_the_last_pause_ends_at_the_deadline(clock: Clock) -> None:
    """A wait polls at intervals, and once more at its deadline."""
    watch = Watch("delivered", 5.0, 2.0)
    pauses: list[float] = []
    for _ in range(3):
        pauses.append(watch.pause(SENT))
        clock.time += pauses[-1]

    assert pauses == [2.0, 2.0, 1.0]
    with pytest.raises(DeadlineExceededError, match="not delivered within 5 seconds; it is sent"):
        watch.pause(SENT)


def test_the_text_has_round_seconds(clock: Clock) -> None:
    """What is left of a time limit, such as 1.99999 seconds, is rounded."""
    watch = Watch("delivered", 1.99999, 2.0)
    clock.time += 5
    with pytest.raises(DeadlineExceededError, match="not delivered within 2 seconds"):
        watch.pause(SENT)


def test_a_poll_is_limited_by_the_time_left(clock: Clock) -> None:
    """A poll has the client's timeout or the time left, whichever is shorter; the last poll has one second."""
    watch = Watch("delivered", 60.0, 2.0)

    assert watch.request_timeout(30.0) == 30.0
    clock.time += 50
    assert watch.request_timeout(30.0) == 10.0
    assert watch.request_timeout(None) == 10.0
    assert watch.request_timeout(httpx.Timeout(3.0)) == 10.0
    clock.time += 10
    assert watch.request_timeout(30.0) == 1.0


@pytest.mark.parametrize(
    ("timeout", "asked", "pause"), [(60.0, 30.0, 30.0), (20.0, 30.0, 20.0), (60.0, 0.5, 2.0), (None, 3600.0, 60.0)]
)
@pytest.mark.usefixtures("clock")
def test_a_wait_pauses_as_long_as_the_service_asks(timeout: float | None, asked: float, pause: float) -> None:
    """After a 429, the next poll comes when Retry-After says, or at the deadline; later ones at the usual interval."""
    watch = Watch("delivered", timeout, 2.0)

    watch.tolerate(RateLimitError(status=429, retry_after=asked))
    assert watch.pause(None) == pause
    assert not watch.is_over(SENT)
    assert watch.pause(SENT) == 2.0


def test_a_wait_without_a_timeout(clock: Clock) -> None:
    """A wait without a timeout never ends by itself, and its polls have the client's timeout."""
    watch = Watch("delivered", None, 2.0)
    clock.time += 1e9

    assert watch.request_timeout(30.0) is UNSET
    assert watch.pause(SENT) == 2.0


@pytest.mark.parametrize("status", [None, 7, {}, [], "", "teleported", "pending", "received", "cancellation_requested"])
def test_other_statuses_continue_a_wait(status: Any) -> None:
    """A missing, unknown or earlier status does not end a wait."""
    assert not Watch("queued", 1, 1).is_over(MessageStatus.from_dict({"message_id": "msg_1", "status": status}))


@pytest.mark.parametrize("until", ["queued", "sent", "delivered", "read"])
@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "read"])
def test_a_later_status_ends_a_wait(until: str, status: str) -> None:
    """A wait ends at its status or a later one, in the order queued, sent, delivered, read."""
    order = ["queued", "sent", "delivered", "read"]
    message = MessageStatus.from_dict({"message_id": "msg_1", "status": status})

    assert Watch(until, 1, 1).is_over(message) is (order.index(status) >= order.index(until))


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_failure_is_raised(status: str) -> None:
    """A failed or cancelled message raises an error with its status."""
    message = MessageStatus.from_dict({"message_id": "msg_1", "status": status})

    with pytest.raises(MessageFailedError, match=status) as caught:
        Watch("queued", 1, 1).is_over(message)

    assert caught.value.message_status is message
    assert caught.value.sent is None
