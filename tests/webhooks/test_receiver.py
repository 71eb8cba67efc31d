"""Accepting deliveries and handling events."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from webhook_stores import move_clock

from blooio_overrides.errors import ClientStateError, InvalidArgumentError
from blooio_overrides.webhooks import (
    Delivery,
    Event,
    MessageEvent,
    MessageReaction,
    MessageReceived,
    Receiver,
    sign,
    signatures,
)
from blooio_overrides.webhooks.stores.sqlite import MemoryStore
from blooio_overrides.webhooks.work import PAUSES, pause_after
from blooio_overrides.webhooks.worker import masked_chat

SECRET = "whsec_canary"
BODY = b'{"event": "message.received", "message_id": "msg_1", "external_id": "+15551234567", "text": "canary"}'


def delivery(body: bytes = BODY, *, method: str = "POST", secret: str = SECRET, replay: str = "false") -> Delivery:
    """A delivery, signed now."""
    return Delivery(method, {"X-Blooio-Signature": sign(body, secret), "X-Blooio-Replay": replay}, body)


def drained(receiver: Receiver, *, is_awaiting: bool) -> int:
    """Drain with `drain` or `adrain`, and return the number of handled events."""
    return anyio.run(receiver.adrain) if is_awaiting else receiver.drain()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver whose thread ends with the test."""
    receiver = Receiver(secret=SECRET)
    yield receiver
    receiver.stop()


# Functions, since a delivery signed while tests are collected is too old by the time its test runs.
CAME: dict[str, tuple[Callable[[], Delivery], int]] = {
    "genuine": (delivery, 200),
    "a list": (lambda: delivery(b"[]"), 400),
    "not JSON": (lambda: delivery(b"no json"), 400),
    "not UTF-8": (lambda: delivery(b'"\xff"'), 400),
    "forged": (lambda: delivery(secret="whsec_other"), 401),
    "unsigned": (lambda: Delivery("POST", {}, BODY), 401),
    "malformed signature": (lambda: Delivery("POST", {"X-Blooio-Signature": "canary"}, BODY), 401),
    "old": (lambda: Delivery("POST", {"X-Blooio-Signature": sign(BODY, SECRET, 1)}, BODY), 401),
    "GET": (lambda: delivery(method="GET"), 405),
    "PUT": (lambda: delivery(method="PUT"), 405),
    "too large": (lambda: Delivery("POST", {}, b" " * (signatures.MAX_BODY + 1)), 413),
}


@pytest.mark.parametrize("which", CAME)
def test_the_status_of_a_delivery(receiver: Receiver, which: str) -> None:
    """An invalid delivery is rejected with a specific status, and none of its events is handled."""
    came, status = CAME[which]
    handled: list[Event] = []
    receiver.on(Event)(handled.append)

    assert receiver.receive(came()) == status
    assert receiver.drain() == len(handled) == int(status == 200)


def test_the_log_says_why_a_delivery_is_rejected(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """A signed body that is not an event, a large one and one that a proxy encoded each have a line of their own."""
    encoded = Delivery("POST", {**delivery().headers, "Content-Encoding": "br"}, b"canary")  # type: ignore[dict-item]
    for came, status in ((delivery(b"canary"), 400), (CAME["too large"][0](), 413), (encoded, 401)):
        caplog.clear()
        assert receiver.receive(came) == status
        (line,) = caplog.messages
        assert line.startswith("a webhook delivery was rejected: ")
        assert {400: "not an event", 413: "larger than", 401: "Content-Encoding"}[status] in line
        assert "canary" not in line


@pytest.mark.parametrize("odd", ["x" * 2000, "a\0b", "a\ud800b"], ids=["long", "a null", "a lone surrogate"])
def test_an_odd_id_is_kept(receiver: Receiver, odd: str) -> None:
    """An id that a database cannot store or index is replaced by its digest; its event is handled once."""
    seen: list[tuple[str | None, str | None]] = []
    receiver.on(MessageReceived)(lambda event: seen.append((event.message_id, event.chat_id)))
    came = delivery(json.dumps({**json.loads(BODY), "message_id": odd, "external_id": odd}).encode())

    assert [receiver.receive(came) for _ in range(2)] == [200, 200]
    assert receiver.drain() == 1
    assert seen == [(odd, odd)]


def test_an_event_that_comes_again_is_handled_once(receiver: Receiver) -> None:
    """A redelivery or replay is accepted, but not handled again."""
    handled: list[str | None] = []

    @receiver.on(MessageReceived)
    def keep(event: MessageReceived) -> None:
        handled.append(event.text)

    again = [delivery(), delivery(), delivery(replay="true")]
    assert [receiver.receive(each) for each in again] == [200, 200, 200]
    receiver.drain()
    assert receiver.receive(delivery()) == 200
    receiver.drain()

    assert handled == ["canary"]


def test_replays_are_handled_by_choice() -> None:
    """With replays=True, each replay is handled once, even if its signature is written differently."""
    receiver = Receiver(secret=SECRET, replays=True)
    handled: list[bool] = []
    receiver.on(Event)(lambda event: handled.append(event.is_replay))
    replays = [
        Delivery("POST", {"X-Blooio-Replay": "true", "X-Blooio-Signature": sign(BODY, SECRET, moment)}, BODY)
        for moment in (int(time.time()), int(time.time()) - 1)
    ]
    spelled = {"X-Blooio-Replay": "true", "X-Blooio-Signature": f"{sign(BODY, SECRET, int(time.time()))},v0=x"}
    for each in (delivery(), *replays, *replays, Delivery("POST", spelled, BODY)):
        assert receiver.receive(each) == 200
    receiver.drain()

    assert handled == [False, True, True]


def test_a_batch_is_handled_event_by_event() -> None:
    """Events in one delivery are handled one by one, in order, each by its handlers."""
    receiver = Receiver(secret=SECRET, concurrency=1)
    handled: list[tuple[str, str]] = []

    def listen(kind: type[Event]) -> None:
        receiver.on(kind)(lambda event: handled.append((kind.__name__, event.type)))

    for kind in (MessageReceived, MessageEvent, Event, MessageReaction):
        listen(kind)
    body = b'[{"event": "message.received", "message_id": "1"}, {"event": "message.reaction"}, {"event": "new.kind"}]'

    assert receiver.receive(delivery(body)) == 200
    assert receiver.drain() == 3
    assert handled == [
        ("MessageReceived", "message.received"),
        ("MessageEvent", "message.received"),
        ("Event", "message.received"),
        ("Event", "message.reaction"),
        ("MessageReaction", "message.reaction"),
        ("Event", "new.kind"),
    ]


@pytest.mark.parametrize("is_awaiting", [False, True])
def test_plain_and_async_functions_are_handlers(receiver: Receiver, is_awaiting: bool) -> None:
    """Both ways run both kinds of handlers: async ones in one event loop, sync ones outside it."""
    seen: list[tuple[str, int]] = []

    @receiver.on(Event)
    def plain(_: Event) -> None:
        seen.append(("plain", threading.get_ident()))

    @receiver.on(Event)
    async def awaiting(_: Event) -> None:
        await anyio.lowlevel.checkpoint()
        seen.append(("async", threading.get_ident()))

    class Answering:
        async def __call__(self, _: Event) -> None:
            seen.append(("object", threading.get_ident()))

    receiver.on(Event)(Answering())
    receiver.on(Event)(lambda event: awaiting(event))  # noqa: PLW0108 - a plain function that returns an awaitable
    for number in range(2):
        receiver.receive(delivery(json.dumps({"event": "new", "id": number}).encode()))
        assert drained(receiver, is_awaiting=is_awaiting) == 1
        loops = {thread for kind, thread in seen if kind != "plain"}
        assert len(loops) == 1
        assert (threading.get_ident() in loops) is is_awaiting
        assert all(thread not in loops for kind, thread in seen if kind == "plain")
        assert [kind for kind, _ in seen] == ["plain", "async", "object", "async"]
        seen.clear()


def test_draining_in_an_event_loop_is_rejected(receiver: Receiver) -> None:
    """Calling drain() in an event loop raises an error."""

    async def drain() -> None:
        receiver.drain()

    with pytest.raises(InvalidArgumentError, match="adrain"):
        anyio.run(drain)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the stores' clock has moved; only the test moves it."""
    ahead = [0.0]
    move_clock(monkeypatch, MemoryStore, ahead)
    return ahead


@pytest.mark.parametrize("is_awaiting", [False, True])
def test_a_handler_that_fails_loses_nothing(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, ahead: list[float], is_awaiting: bool
) -> None:
    """An event whose handler raises is kept and retried after a pause; the log shows neither event nor error text."""
    attempts: list[str | None] = []

    @receiver.on(MessageReceived)
    def fail_twice(event: MessageReceived) -> None:
        attempts.append(event.text)
        if len(attempts) < 3:
            raise ValueError(event.text)

    receiver.receive(delivery())
    counts: list[int] = []
    for pause in (0.0, *PAUSES[:2]):
        ahead[0] += pause
        counts += [drained(receiver, is_awaiting=is_awaiting), drained(receiver, is_awaiting=is_awaiting)]

    assert counts == [0, 0, 0, 0, 1, 0]
    assert attempts == ["canary"] * 3
    assert "of message.received failed in chat ·····4567: ValueError in" in caplog.text
    assert Path(__file__).name in caplog.text
    assert "canary" not in caplog.text


def test_an_unknown_type_is_not_logged(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """An unknown event type is not logged, since it could be any text."""
    receiver.on(Event)(lambda _: 1 / 0)
    receiver.receive(delivery(b'{"event": "canary"}'))
    receiver.drain()

    assert "an unknown event failed in chat -: ZeroDivisionError" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("chat", ["688", "4711", "a@b", "ann@example.com", "+15551234567", "grp_canary"])
def test_a_masked_chat_is_never_whole(chat: str) -> None:
    """A log line shows at most a third of a chat's id, and four characters."""
    shown = masked_chat(chat).lstrip("·")
    assert chat.endswith(shown)
    assert 0 < len(shown) <= min(4, len(chat) // 3)


def test_pauses_grow_to_a_limit() -> None:
    """The pauses between retries grow up to a limit."""
    assert [pause_after(attempts) for attempts in (*range(1, len(PAUSES) + 1), 10**6)] == [*PAUSES, PAUSES[-1]]


@pytest.mark.parametrize("is_awaiting", [False, True])
def test_a_stopped_handler_has_not_failed(receiver: Receiver, is_awaiting: bool) -> None:
    """A handler that is stopped from outside has not failed, and its event is left for the next process."""
    stopped = [False]

    def stop_once(_: Event) -> None:
        if not stopped[0]:
            stopped[0] = True
            raise KeyboardInterrupt

    receiver.on(Event)(stop_once)
    receiver.receive(delivery())
    with pytest.raises(KeyboardInterrupt):
        drained(receiver, is_awaiting=is_awaiting)

    assert receiver.drain() == 1


@pytest.mark.parametrize("secret", ["", None, [], ["whsec_1", ""]])
def test_a_receiver_needs_a_secret(secret: Any) -> None:
    """A missing secret and an invalid tolerance are rejected."""
    with pytest.raises(InvalidArgumentError, match="secret"):
        Receiver(secret=secret)
    with pytest.raises(InvalidArgumentError, match="tolerance"):
        Receiver(secret=SECRET, tolerance=-1)


@pytest.mark.parametrize("name", ["store", "on_error", "on_dead"])
def test_a_receiver_rejects_what_it_cannot_use(name: str) -> None:
    """A path instead of a store, or a text instead of a function, raises at once, not with the first delivery."""
    arguments: dict[str, Any] = {name: "events.db"}
    with pytest.raises(InvalidArgumentError, match=rf"{name} is str; expected a (store|function)"):
        Receiver(secret=SECRET, **arguments)


def generator(_: Event) -> Iterator[None]:
    """A function that runs nothing when it is called."""
    yield


async def async_generator(_: Event) -> AsyncIterator[None]:
    """The same, async."""
    yield


class Generator:
    """An object with such a method."""

    def __call__(self, _: Event) -> Iterator[None]:
        """Run nothing."""
        yield


@pytest.mark.parametrize(
    "handler", [generator, async_generator, partial(generator), Generator(), Generator().__call__, "handle", None]
)
def test_a_handler_that_would_not_run_is_rejected(receiver: Receiver, handler: Any) -> None:
    """A function with `yield` would be called without running, and its event would count as handled."""
    for register in (receiver.on(Event), receiver.on_burst(MessageReceived)):
        with pytest.raises(InvalidArgumentError, match="the handler"):
            register(handler)


def test_handlers_are_registered_before_the_start(receiver: Receiver) -> None:
    """A handler that is registered while events are handled would miss those of an earlier process."""
    receiver.start()
    for register in (receiver.on, receiver.on_burst):
        with pytest.raises(ClientStateError, match="register all handlers before the receiver starts"):
            register(MessageReceived)
    receiver.stop()

    assert receiver.on(Event)(print) is print


@pytest.mark.parametrize("has_handler", [True, False])
def test_a_start_without_handlers_is_logged(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, has_handler: bool
) -> None:
    """A process that shares a store but has no handlers would count all events as handled."""
    if has_handler:
        receiver.on(Event)(print)
    receiver.start()

    assert ("no handlers" in caplog.text) is not has_handler


def no_parameter() -> None:
    """A function that cannot take the event."""


async def two_parameters(_: Event, client: object) -> None:
    """A function that would need a client."""


def keyword_parameter(*, event: Event) -> None:
    """A function that takes the event by name only."""


def optional_parameter(_: Event, client: object = None) -> None:
    """A function that needs no client."""


@pytest.mark.parametrize("handler", [no_parameter, two_parameters, keyword_parameter, str.join])
def test_a_handler_takes_one_argument(receiver: Receiver, handler: Any) -> None:
    """A function that cannot be called with an event alone is rejected at once, not with the first event."""
    for register in (receiver.on(Event), receiver.on_burst(MessageReceived)):
        with pytest.raises(InvalidArgumentError, match="the handler must take one argument, the event"):
            register(handler)


@pytest.mark.parametrize("handler", [partial(two_parameters, client=None), optional_parameter, print, dict])
def test_a_handler_may_take_more(receiver: Receiver, handler: Any) -> None:
    """Optional parameters are fine, and so are functions without a signature."""
    assert receiver.on(Event)(handler) is handler


@pytest.mark.parametrize("kind", [None, "message.received", int, object()])
def test_handlers_are_for_kinds_of_events(receiver: Receiver, kind: Any) -> None:
    """A handler for a class that is not an event is rejected, since it would never run."""
    with pytest.raises(InvalidArgumentError, match="class of events"):
        receiver.on(kind)


def test_a_receiver_shows_nothing(receiver: Receiver) -> None:
    """No repr shows the secret or an event."""
    receiver.receive(delivery())

    assert "canary" not in repr(receiver) + repr(delivery()) + str(vars(receiver))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(), st.text(), st.text())
def test_nothing_that_comes_raises(receiver: Receiver, body: bytes, method: str, signature: str) -> None:
    """Every request gets a response, and an unsigned one is never accepted."""
    assert receiver.receive(Delivery(method, {"X-Blooio-Signature": signature}, body)) in (401, 405)
    assert receiver.receive(delivery(body)) in (200, 400)
