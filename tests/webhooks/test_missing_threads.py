"""Receivers on a system that has no more threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from deliveries import SECRET, message
from no_threads import no_more_threads

from blooio_overrides.webhooks import Event, MessageReceived, Receiver


def test_events_are_handled_while_the_system_has_no_more_threads(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """If no further thread can be started, those that run handle every chat; more are started once there are some."""
    handled = {text: threading.Event() for text in "abcd"}
    both = threading.Barrier(2, timeout=30.0)

    @receiver.on(MessageReceived)
    def handle(event: MessageReceived) -> None:
        if event.text in ("c", "d"):
            both.wait()
        handled[str(event.text)].set()

    receiver.start()
    with no_more_threads():
        for text, sender in (("a", "+15551234567"), ("b", "+15557654321")):
            receiver.receive(message(text, sender))
            assert handled[text].wait(30.0)
    for text, sender in (("c", "+15551234567"), ("d", "+15557654321")):
        receiver.receive(message(text, sender))
    assert handled["c"].wait(30.0)
    assert handled["d"].wait(30.0)
    receiver.stop()

    assert "cannot start another thread for webhook events" in caplog.text


def test_starting_without_a_thread_raises(receiver: Receiver) -> None:
    """If the system has no thread left, `start` and `drain` raise, and work later."""
    calls: list[Callable[[], object]] = [receiver.start, receiver.drain]
    for call in calls:
        with no_more_threads(), pytest.raises(RuntimeError, match="start new thread"):
            call()
        assert not receiver.is_running

    receiver.receive(message("a"))
    assert receiver.drain() == 1
    receiver.start()
    assert receiver.is_running
    receiver.stop()


def test_an_async_handler_waits_for_a_thread() -> None:
    """An async handler whose event loop cannot be started has failed, and is retried like any other."""
    failed = threading.Event()

    def note(_event: Event, _error: BaseException) -> None:
        failed.set()

    receiver = Receiver(secret=SECRET, on_error=note)

    @receiver.on(MessageReceived)
    async def handle(_: MessageReceived) -> None:
        """Do nothing."""

    receiver.start()
    with no_more_threads():
        receiver.receive(message("a"))
        assert failed.wait(30.0)
    receiver.stop()

    assert receiver.status().postponed == 1
