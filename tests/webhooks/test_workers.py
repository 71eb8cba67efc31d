"""Threads and tasks that handle events, and stores that fail them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from blooio_overrides.webhooks import Delivery, Event, MemoryStore, MessageEvent, Noted, Receiver, SQLiteStore, sign

SECRET = "whsec_canary"
BODY = b'{"event": "message.received", "message_id": "msg_1", "external_id": "+15551234567", "text": "canary"}'


def delivery(body: bytes = BODY, *, method: str = "POST", secret: str = SECRET, replay: str = "false") -> Delivery:
    """A delivery as it comes."""
    return Delivery(method, {"X-Blooio-Signature": sign(body, secret), "X-Blooio-Replay": replay}, body)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver whose thread ends with the test."""
    receiver = Receiver(secret=SECRET)
    yield receiver
    receiver.stop()


class BrokenStore(MemoryStore):
    """A store that fails, until it is mended."""

    def __init__(self) -> None:
        super().__init__()
        self.is_mended = threading.Event()
        self.was_asked = threading.Event()

    def note(self, key: str, record: str) -> bool:
        """Fail, or note."""
        if not self.is_mended.is_set():
            raise OSError("canary")
        return super().note(key, record)

    def take(self) -> Noted | None:
        """Fail, or take."""
        if not self.is_mended.is_set():
            self.was_asked.set()
            raise OSError("canary")
        return super().take()


def test_a_delivery_that_cannot_be_noted_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    """What the store cannot keep is refused as unavailable, which the service answers with another delivery."""
    store = BrokenStore()
    receiver = Receiver(secret=SECRET, store=store)
    assert receiver.receive(delivery()) == 503
    store.is_mended.set()

    assert receiver.receive(delivery()) == 200
    assert receiver.drain() == 1
    assert "store of webhook events failed, or was interrupted: OSError" in caplog.text
    assert "canary" not in caplog.text


def test_a_body_that_cannot_be_written_again_is_malformed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is nested so deeply that it can be read but not kept is refused."""

    def fail(*_: object, **__: object) -> str:
        raise RecursionError

    came = delivery()
    monkeypatch.setattr(json, "dumps", fail)
    assert receiver.receive(came) == 400


def test_a_thread_handles_what_comes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once started, events are handled without being asked for, also those that were left, and after a failure."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.CHECK_EVERY", 0.01)
    handled = {number: threading.Event() for number in range(3)}
    receiver.on(MessageEvent)(lambda event: handled[int(event.message_id or 0)].set())

    def come(number: int) -> None:
        receiver.receive(delivery(json.dumps({"event": "message.received", "message_id": str(number)}).encode()))

    come(0)
    receiver.start()
    assert handled[0].wait(5.0)
    come(1)
    receiver.start()
    assert handled[1].wait(5.0)
    receiver.stop()
    receiver.stop()
    come(2)
    assert not handled[2].is_set()
    receiver.start()
    assert handled[2].wait(5.0)


def test_a_thread_survives_its_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that fails for a time holds events up, and loses none."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.CHECK_EVERY", 0.01)
    store, handled = BrokenStore(), threading.Event()
    receiver = Receiver(secret=SECRET, store=store)
    receiver.on(Event)(lambda _: handled.set())
    receiver.start()
    assert store.was_asked.wait(5.0)
    store.is_mended.set()
    receiver.receive(delivery())

    assert handled.wait(5.0)
    receiver.stop()


def test_a_thread_survives_a_handler_that_would_end_it(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that calls for the end of its thread is tried again by the same thread."""
    monkeypatch.setattr("blooio_overrides.webhooks.worker.CHECK_EVERY", 0.01)
    ended, handled = [False], threading.Event()

    def end_once(_: Event) -> None:
        if not ended[0]:
            ended[0] = True
            raise SystemExit
        handled.set()

    receiver.on(Event)(end_once)
    receiver.receive(delivery())
    receiver.start()

    assert handled.wait(5.0)


def workers() -> list[threading.Thread]:
    """The threads that handle events."""
    return [thread for thread in threading.enumerate() if thread.name == "blooio-webhooks"]


def test_a_child_process_has_no_thread(receiver: Receiver) -> None:
    """After a fork there is no worker, and the next start makes one."""
    receiver.start()
    parents, before = vars(receiver)["_worker"], len(workers())
    receiver.begin_anew()
    receiver.start()

    assert len(workers()) == before + 1
    receiver.stop()
    parents.stop()
    assert len(workers()) == before - 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_handles_what_was_left(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a block runs, events are handled in its event loop, also after the store failed; its errors come out."""
    monkeypatch.setattr("blooio_overrides.webhooks.awaiting.CHECK_EVERY", 0.01)
    store = BrokenStore()
    receiver = Receiver(secret=SECRET, store=store)

    async def run() -> None:
        handled = anyio.Event()

        async def handle(_: Event) -> None:
            await anyio.lowlevel.checkpoint()
            handled.set()

        receiver.on(Event)(handle)
        with anyio.fail_after(5.0):
            async with receiver.running():
                await anyio.to_thread.run_sync(store.was_asked.wait)
                store.is_mended.set()
                receiver.receive(delivery())
                await handled.wait()
                raise LookupError

    with pytest.raises(LookupError):
        anyio.run(run, backend=backend)
    assert receiver.drain() == 0


def test_what_is_cancelled_is_given_back(tmp_path: Path) -> None:
    """A task that is cancelled with an event in hand leaves it to the next one."""
    with SQLiteStore(tmp_path / "events.db") as store:
        receiver = Receiver(secret=SECRET, store=store)
        runs: list[str] = []

        async def wait_once(event: Event) -> None:
            runs.append(event.type)
            if len(runs) == 1:
                await anyio.sleep_forever()

        receiver.on(Event)(wait_once)
        receiver.receive(delivery())

        async def cancel() -> None:
            async with receiver.running():
                while not runs:
                    await anyio.lowlevel.checkpoint()

        anyio.run(cancel)
        assert receiver.drain() == 1
        assert len(runs) == 2
