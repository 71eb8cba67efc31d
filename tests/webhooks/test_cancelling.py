"""Handlers and drains that are cancelled or interrupted: no event is lost, and no handler that returned runs again."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from pathlib import Path

import anyio
import pytest
from deliveries import SECRET, delivery, message
from webhook_stores import BrokenStore

from blooio_overrides.webhooks import (
    Event,
    MessageReceived,
    Receiver,
    SQLiteStore,
)


@pytest.mark.parametrize("error", [LookupError, SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_handles_leftover_events(backend: str, error: type[BaseException]) -> None:
    """Inside the block, its event loop handles events, even after the store failed; the block raises what it raises."""
    store = BrokenStore("claim")
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
                store.broken.clear()
                receiver.receive(delivery())
                await handled.wait()
                raise error

    with pytest.raises(error):
        anyio.run(run, backend=backend)
    assert receiver.drain() == 0


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_event_of_a_stopped_worker_is_handled_by_the_next(tmp_path: Path, backend: str) -> None:
    """A lifespan that ends during a handler leaves the event to the next one, without counting the attempt."""
    with SQLiteStore(tmp_path / "events.db") as store:
        receiver = Receiver(secret=SECRET, store=store, max_attempts=1)
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

        anyio.run(cancel, backend=backend)
        assert receiver.drain() == 1
        assert len(runs) == 2


@pytest.mark.parametrize("how", ["timeout", "cancel", "scope"])
def test_cancelling_a_drain_loses_nothing_and_repeats_nothing(how: str) -> None:
    """However `adrain` is cancelled, the handler of each event returns exactly once."""
    receiver, runs = Receiver(secret=SECRET), Counter[str]()

    @receiver.on(Event)
    async def run(event: Event) -> None:
        await asyncio.sleep(0)
        runs[event.dedupe_key] += 1

    for number in range(200):
        receiver.receive(message(f"{number}"))

    async def cut(seconds: float) -> None:
        if how == "timeout":
            async with asyncio.timeout(seconds):
                await receiver.adrain()
        elif how == "scope":
            with anyio.move_on_after(seconds):
                await receiver.adrain()
        else:
            task = asyncio.create_task(receiver.adrain())
            await asyncio.sleep(seconds)
            task.cancel()
            await task

    async def main() -> None:
        for number in range(60):
            try:
                await cut(0.0005 + number % 7 * 0.0005)
            except (TimeoutError, asyncio.CancelledError):
                continue
        await receiver.adrain()

    asyncio.run(main())
    assert (len(runs), set(runs.values())) == (200, {1})


def test_an_interrupted_drain_gives_back(receiver: Receiver) -> None:
    """An interruption while a drain waits for its threads cancels async handlers and leaves their events."""

    @receiver.on(MessageReceived)
    async def hang(event: MessageReceived) -> None:
        if event.text == "a":
            await anyio.sleep_forever()

    @receiver.on(MessageReceived)
    def plain(event: MessageReceived) -> None:
        if event.text == "b":
            raise KeyboardInterrupt

    receiver.receive(message("a"))
    receiver.receive(message("b", "+15557654321"))
    with pytest.raises(KeyboardInterrupt):
        receiver.drain()
    assert receiver.status().waiting == 2


def test_an_interruption_of_a_callback_gives_back(receiver: Receiver) -> None:
    """An interruption while `on_error` runs ends the drain and leaves the event."""

    def interrupt(_event: Event, _error: BaseException) -> None:
        raise KeyboardInterrupt

    @receiver.on(MessageReceived)
    def fail(_: MessageReceived) -> None:
        raise LookupError

    receiver.work.on_error = interrupt
    receiver.receive(message("a"))
    with pytest.raises(KeyboardInterrupt):
        receiver.drain()
    assert receiver.status().waiting == 1


def test_no_async_handler_starts_after_an_interruption() -> None:
    """After an interruption in another thread, an event's further async handlers do not start, and it stays."""
    receiver = Receiver(secret=SECRET, handler_timeout=5)
    interrupted = list[threading.Thread]()
    is_interrupted = threading.Event()
    started = list[str]()

    @receiver.on(MessageReceived)
    def first(event: MessageReceived) -> None:
        if event.text == "b":
            interrupted.append(threading.current_thread())
            is_interrupted.set()
            raise KeyboardInterrupt
        is_interrupted.wait()
        interrupted[0].join()

    @receiver.on(MessageReceived)
    async def second(event: MessageReceived) -> None:
        started.append(str(event.text))
        await anyio.sleep_forever()

    receiver.receive(message("a"))
    receiver.receive(message("b", "+15557654321"))
    with pytest.raises(KeyboardInterrupt):
        receiver.drain()

    assert started == []
    assert receiver.status().waiting == 2
