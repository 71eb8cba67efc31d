"""When a wait polls again, and when it is over."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from blooio_client.models import MessageStatus
from blooio_client.types import UNSET
from blooio_overrides._call import retries as deadlines
from blooio_overrides._rules.messages import Watch
from blooio_overrides.errors import DeadlineExceededError, MessageFailedError

SENT = MessageStatus.from_dict({"message_id": "msg_1", "status": "sent"})


class Clock:
    """A time that the test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that the client reads."""
    made = Clock()
    monkeypatch.setattr(deadlines, "now", made)
    return made


def test_the_last_pause_ends_with_the_time(clock: Clock) -> None:
    """A wait polls at intervals, and once more when the time is over."""
    watch = Watch("delivered", 5.0, 2.0)
    pauses: list[float] = []
    for _ in range(3):
        pauses.append(watch.pause(SENT))
        clock.time += pauses[-1]

    assert pauses == [2.0, 2.0, 1.0]
    with pytest.raises(DeadlineExceededError, match="not delivered within 5 seconds; it is sent"):
        watch.pause(SENT)


def test_a_poll_is_limited_by_the_time_left(clock: Clock) -> None:
    """A poll has the client's timeout or the time left, whichever is shorter; the last one has a second."""
    watch = Watch("delivered", 60.0, 2.0)

    assert watch.timeout_of_a_look(30.0) == 30.0
    clock.time += 50
    assert watch.timeout_of_a_look(30.0) == 10.0
    assert watch.timeout_of_a_look(None) == 10.0
    assert watch.timeout_of_a_look(httpx.Timeout(3.0)) == 10.0
    clock.time += 10
    assert watch.timeout_of_a_look(30.0) == 1.0


def test_a_wait_without_limit_has_the_usual_looks(clock: Clock) -> None:
    """None means no limit, for the wait and for a poll."""
    watch = Watch("delivered", None, 2.0)
    clock.time += 1e9

    assert watch.timeout_of_a_look(30.0) is UNSET
    assert watch.pause(SENT) == 2.0


@pytest.mark.parametrize("status", [None, 7, {}, [], "", "teleported", "pending", "received", "cancellation_requested"])
def test_a_status_that_says_nothing_goes_on(status: Any) -> None:
    """Only known final statuses end the wait."""
    assert not Watch("queued", 1, 1).is_over(MessageStatus.from_dict({"message_id": "msg_1", "status": status}))


@pytest.mark.parametrize("until", ["queued", "sent", "delivered", "read"])
@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "read"])
def test_a_later_status_is_as_good(until: str, status: str) -> None:
    """Queued comes before sent, sent before delivered, and delivered before read."""
    order = ["queued", "sent", "delivered", "read"]
    message = MessageStatus.from_dict({"message_id": "msg_1", "status": status})

    assert Watch(until, 1, 1).is_over(message) is (order.index(status) >= order.index(until))


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_failure_is_raised(status: str) -> None:
    """The error has the status as received."""
    message = MessageStatus.from_dict({"message_id": "msg_1", "status": status})

    with pytest.raises(MessageFailedError, match=status) as caught:
        Watch("queued", 1, 1).is_over(message)

    assert caught.value.message_status is message
    assert caught.value.sent is None
