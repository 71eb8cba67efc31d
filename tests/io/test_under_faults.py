"""Many concurrent sends under all faults: each message arrives once, or its call raises an error."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from blooio_client import AsyncBlooio, Blooio, BlooioError
from blooio_sandbox import Sandbox

THREADS = 16
SENDS = 160


def trouble(sandbox: Sandbox) -> None:
    """Fail about every second request: before or after processing, with and without a response."""
    sandbox.fail_next(503, times=20, operation="sendMessage", retry_after=0)
    sandbox.fail_next(502, times=20, operation="sendMessage", retry_after=0, after_processing=True)
    sandbox.fail_next(429, times=20, operation="sendMessage", retry_after=0)
    sandbox.drop_next(times=10, operation="sendMessage")
    sandbox.drop_next(times=10, operation="sendMessage", after_processing=True)


def judged(sandbox: Sandbox, outcomes: list[str | BlooioError]) -> None:
    """Compare the calls' outcomes with what the service saw."""
    accepted = Counter(message.idempotency_key for message in sandbox.messages)
    failed = {error.idempotency_key: error for error in outcomes if isinstance(error, BlooioError)}
    sent = [key for key in outcomes if isinstance(key, str)]

    assert len(outcomes) == SENDS
    assert set(accepted.values()) == {1}
    assert [key for key in sent if key not in accepted] == []
    assert [key for key in accepted if key not in {*sent, *failed}] == []
    assert [error for key, error in failed.items() if key in accepted and error.sent is False] == []
    sandbox.assert_no_duplicates()


def test_threads_that_share_a_client(blooio_sandbox: Sandbox) -> None:
    """From sixteen threads, each key is accepted at most once, and every call has an outcome."""
    trouble(blooio_sandbox)

    with Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, max_retries=4) as client:

        def send(number: int) -> str | BlooioError:
            try:
                return client.chat(f"+1555123{number:04d}").send(f"message {number}").idempotency_key
            except BlooioError as error:
                return error

        with ThreadPoolExecutor(THREADS) as pool:
            outcomes = list(pool.map(send, range(SENDS)))

    judged(blooio_sandbox, outcomes)


def test_tasks_that_share_a_client(blooio_sandbox: Sandbox) -> None:
    """From one task per message, each key is accepted at most once, and every call has an outcome."""
    trouble(blooio_sandbox)

    async def send_all() -> list[str | BlooioError]:
        async with AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url, max_retries=4) as client:

            async def send(number: int) -> str | BlooioError:
                try:
                    return (await client.chat(f"+1555123{number:04d}").send(f"message {number}")).idempotency_key
                except BlooioError as error:
                    return error

            return await asyncio.gather(*(send(number) for number in range(SENDS)))

    judged(blooio_sandbox, asyncio.run(send_all()))


@pytest.mark.parametrize("after_processing", [False, True])
def test_calls_that_cannot_be_repeated_are_sent_once(blooio_sandbox: Sandbox, *, after_processing: bool) -> None:
    """A poll whose response was lost is not retried, and its error has `sent` None."""
    with Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as client:
        chat = client.chat("+15551234567")
        chat.send("Hello")
        blooio_sandbox.drop_next(operation="sendPoll", after_processing=after_processing)
        with pytest.raises(BlooioError) as caught:
            chat.polls.send(["Pizza", "Sushi"])

    assert (caught.value.sent, caught.value.attempts) == (None, 1)
    assert [request.operation for request in blooio_sandbox.requests] == ["sendMessage", "sendPoll"]
