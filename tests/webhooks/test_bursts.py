"""Bursts: the messages of a chat until it is quiet."""

from __future__ import annotations

from typing import Any

import pytest
from deliveries import SECRET, delivery, message

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import (
    Burst,
    Event,
    MemoryStore,
    MessageReceived,
    MessageSent,
    Receiver,
    TypingStarted,
    example,
    parse_many,
)


def test_a_burst_is_handled_once(ahead: list[float]) -> None:
    """Three messages in a row are one burst, in order; a retry gets the same events, later ones form the next burst."""
    receiver = Receiver(secret=SECRET)
    bursts: list[tuple[str, str, bool]] = []

    @receiver.on_burst(MessageReceived, quiet=2.0, max_wait=20.0)
    def answer(burst: Burst) -> None:
        if not bursts:
            receiver.receive(message("late"))
        bursts.append((burst.text, burst.dedupe_key, burst.superseded))
        assert burst.chat_id == burst.last.chat_id == "+15551234567"
        assert "canary" not in repr(burst)
        if len(bursts) < 2:
            raise ValueError

    for text in ("one", "two", "three"):
        receiver.receive(message(text))
        receiver.drain()
        ahead[0] += 1.0
    receiver.receive(delivery("typing.started"))
    receiver.receive(delivery("typing.stopped"))
    receiver.receive(delivery("message.read"))
    receiver.drain()
    assert bursts == []
    for _ in range(6):
        ahead[0] += 30.0
        receiver.drain()

    (first, again, late) = sorted(bursts, key=lambda burst: burst[0] == "late")
    assert first == again == ("one\ntwo\nthree", first[1], True)
    assert late == ("late", late[1], False)
    assert late[1] != first[1]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Hi", "Is there a table?"], False),
        (["STOP"], True),
        (["Hi", "Stop!", "Bye"], True),
        (["STOP", "START"], False),
        (["START", "stop"], True),
    ],
)
def test_a_burst_says_whether_its_chat_opted_out(ahead: list[float], texts: list[str], expected: bool) -> None:
    """One STOP among the messages is an opt-out, unless a START follows it."""
    receiver, opt_outs = Receiver(secret=SECRET), list[bool]()
    receiver.on_burst(MessageReceived)(lambda burst: opt_outs.append(burst.opt_out))
    for text in texts:
        receiver.receive(message(text))
    ahead[0] += 30.0
    receiver.drain()

    assert opt_outs == [expected]


def test_only_received_messages_opt_out() -> None:
    """Your own message that says STOP is not an opt-out."""
    (sent,) = parse_many(example("message.sent", text="STOP").body)
    assert isinstance(sent, MessageSent)
    assert not Burst((sent,), "key", lambda: False).opt_out


def test_a_burst_of_an_unknown_handler_is_kept(ahead: list[float], caplog: pytest.LogCaptureFixture) -> None:
    """A process without the handler of a burst, such as one in which it was renamed, does not count it as handled."""
    store, errors, handled = MemoryStore(), list[str](), list[str]()
    old = Receiver(secret=SECRET, store=store)
    new = Receiver(secret=SECRET, store=store, on_error=lambda _, error: errors.append(type(error).__name__))
    old.on_burst(MessageReceived)(lambda burst: handled.append(burst.text))
    old.receive(message("Hi"))
    new.drain()
    ahead[0] += 2.0
    new.drain()

    assert (handled, errors, new.status().postponed) == ([], ["HandlerNotRegisteredError"], 1)
    assert "failed in chat ·····4567: HandlerNotRegisteredError" in caplog.text
    ahead[0] += 5.0
    old.drain()
    assert handled == ["Hi"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Event, {}),
        (TypingStarted, {}),
        (MessageReceived, {"quiet": 0}),
        (MessageReceived, {"max_wait": "1"}),
        (MessageReceived, {"quiet": 30}),
    ],
)
def test_bursts_are_of_messages(receiver: Receiver, kind: Any, options: dict[str, Any]) -> None:
    """A burst of other events, or with an invalid duration, raises an error."""
    with pytest.raises(InvalidArgumentError):
        receiver.on_burst(kind, **options)


@pytest.mark.parametrize("option", ["concurrency", "max_attempts", "handler_timeout"])
@pytest.mark.parametrize("value", [0, -1, "1", True])
def test_options_are_numbers(option: str, value: Any) -> None:
    """A number out of range raises an error that names it."""
    with pytest.raises(InvalidArgumentError, match=option):
        Receiver(secret=SECRET, **{option: value})
