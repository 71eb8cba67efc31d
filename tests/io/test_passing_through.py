"""Exceptions from outside the transport pass unchanged, are not retried, and leave the client usable."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from itertools import chain, repeat

import httpx
import pytest
import trio
from wire import Exchange, Handler, Wire, json_response

from blooio_client import AsyncBlooio, Blooio

PHONE = "+15551234567"
FOREIGN: list[BaseException] = [
    ValueError("mine"),
    TimeoutError(),
    OSError(5),
    SystemExit(3),
    KeyboardInterrupt(),
    GeneratorExit(),
]


def accept(exchange: Exchange) -> None:
    """Accept a message."""
    exchange.write(json_response(b'{"message_id": "msg_1"}', b"202 Accepted"))


def first(handler: Handler) -> Handler:
    """Pass the first request to a handler, and accept all others."""
    handlers = chain([handler], repeat(accept))

    def handle(exchange: Exchange) -> None:
        next(handlers)(exchange)

    return handle


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda each: type(each).__name__)
def test_errors_of_hooks_pass_through(foreign: BaseException) -> None:
    """A hook's exception is raised as the same object after one attempt, and the client stays usable."""
    raised: list[BaseException] = []

    def hook(request: httpx.Request) -> None:
        del request
        if not raised:
            raised.append(foreign)
            raise foreign

    with Wire(accept) as server, httpx.Client(event_hooks={"request": [hook]}) as own:
        client = Blooio("key", base_url=server.url, http_client=own)
        with pytest.raises(type(foreign)) as caught:
            client.chat(PHONE).send("Hello")
        assert client.chat(PHONE).send("again").message_id == "msg_1"

        assert caught.value is foreign
        assert len(server.requests) == 1


def is_reading(thread: int) -> bool:
    """Return whether a thread reads from a socket."""
    code = sys._current_frames()[thread].f_code  # pyright: ignore[reportPrivateUsage]
    return code.co_name == "read" and "httpcore" in code.co_filename


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Restore the default Ctrl-C handler, which event loops of other tests replace."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_a_signal_during_a_blocking_call() -> None:
    """Ctrl-C while waiting for a response is raised unchanged: nothing is retried, and the client stays usable."""
    caller = threading.get_ident()

    def interrupt(exchange: Exchange) -> None:
        # Earlier, it could arrive in a finalizer or a callback of the garbage collector, where Python ignores it.
        while not is_reading(caller):
            os.sched_yield()
        signal.pthread_kill(caller, signal.SIGINT)
        exchange.wait()

    with Wire(first(interrupt)) as server, Blooio("key", base_url=server.url) as client:
        with pytest.raises(KeyboardInterrupt) as caught:
            client.chat(PHONE).send("Hello")
        assert len(server.requests) == 1
        assert client.chat(PHONE).send("again").message_id == "msg_1"

    assert caught.value.__cause__ is None


def test_a_cancelled_task() -> None:
    """A cancelled send ends its task as cancelled after one request, and the client stays usable."""

    async def run(url: str, reached: asyncio.Event) -> None:
        async with AsyncBlooio("key", base_url=url) as client:
            task = asyncio.ensure_future(client.chat(PHONE).send("Hello"))
            await reached.wait()
            task.cancel("enough")
            with pytest.raises(asyncio.CancelledError, match="enough"):
                await task
            assert task.cancelled()
            assert (await client.chat(PHONE).send("again")).message_id == "msg_1"

    async def main() -> int:
        loop, reached = asyncio.get_running_loop(), asyncio.Event()

        def reach(exchange: Exchange) -> None:
            loop.call_soon_threadsafe(reached.set)
            exchange.wait()

        with Wire(first(reach)) as server:
            await run(server.url, reached)
            return len(server.requests)

    assert asyncio.run(main()) == 2


def test_a_cancelled_scope_of_trio() -> None:
    """A trio scope catches its own cancellation, unwrapped, and the client stays usable."""

    async def main() -> int:
        token, reached = trio.lowlevel.current_trio_token(), trio.Event()

        def reach(exchange: Exchange) -> None:
            token.run_sync_soon(reached.set)
            exchange.wait()

        async def cancel(scope: trio.CancelScope) -> None:
            await reached.wait()
            scope.cancel()

        with Wire(first(reach)) as server:
            async with AsyncBlooio("key", base_url=server.url) as client, trio.open_nursery() as nursery:
                with trio.CancelScope() as scope:
                    nursery.start_soon(cancel, scope)
                    await client.chat(PHONE).send("Hello")
                assert scope.cancelled_caught
                assert (await client.chat(PHONE).send("again")).message_id == "msg_1"
            return len(server.requests)

    assert trio.run(main) == 2


def test_a_coroutine_that_is_closed() -> None:
    """A send coroutine closed before it starts sends nothing and does not warn."""
    with Wire(accept) as server:
        client = AsyncBlooio("key", base_url=server.url)
        client.chat(PHONE).send("Hello").close()

        assert server.requests == []
