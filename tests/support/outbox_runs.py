"""Campaigns for tests: adding messages, running an outbox, and reading what the sandbox received."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from waiting import wait_until

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox


def add(outbox: Outbox, count: int, number: str | None = None, campaign: str = "c") -> None:
    """Add one message for each of several recipients."""
    outbox.add_many(
        ({"to": f"+1555{index:07}", "text": f"Hi {index}", "from_number": number} for index in range(count)),
        campaign=campaign,
    )


def sent_keys(sandbox: Sandbox) -> list[str | None]:
    """Return the idempotency keys of the sends, in order."""
    return [each.idempotency_key for each in sandbox.requests if each.operation == "sendMessage"]


def sent_texts(sandbox: Sandbox) -> list[str]:
    """Return the texts of the accepted messages, in order."""
    return [str(each.text) for each in sandbox.messages]


def run_until(is_true: Callable[[], bool], outbox: Outbox, client: Blooio, concurrency: int = 8) -> None:
    """Run an outbox until a condition holds."""
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(outbox.run, client, stop=stop, concurrency=concurrency)
        try:
            wait_until(lambda: running.done() or is_true())
        finally:
            stop.set()
        running.result()


@contextmanager
def client_that(sandbox: Sandbox, does: Callable[[], object]) -> Generator[Blooio]:
    """A client that calls a hook just before each request."""

    def before(_request: httpx.Request) -> None:
        does()

    with (
        httpx.Client(event_hooks={"request": [before]}, trust_env=False) as http_client,
        Blooio(sandbox.api_key, base_url=sandbox.base_url, http_client=http_client) as made,
    ):
        yield made
