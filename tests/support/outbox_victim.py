"""A process that sends the messages of an outbox, and may be killed at any moment: python outbox_victim.py JSON."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import json
import signal
import sys
import threading
import uuid
from typing import Any

import attrs

import blooio_outbox.deliver
from blooio_client import Blooio
from blooio_client.outbox import Outbox


@attrs.frozen
class Orders:
    """The arguments of the process."""

    url: str
    base_url: str
    api_key: str
    concurrency: int = 8
    engine: str = "run"
    """`run`: the embedded engine. `work`: procrastinate."""
    mistake: str = ""
    """A bug to introduce: `fresh key` for each attempt, or `early`, where a claimed message counts as sent."""
    options: dict[str, Any] = attrs.field(factory=dict[str, Any])
    """Further arguments of the outbox."""


def make_mistake(name: str) -> None:
    """Introduce a bug that the proofs must find."""
    attempt: Any = blooio_outbox.deliver.Attempt
    if name == "fresh key":
        blooio_outbox.deliver.wire_key = lambda _message: str(uuid.uuid4())  # type: ignore[assignment, unused-ignore]
    elif name == "early":
        look = attempt.before_request

        def claimed_is_sent(self: Any) -> Any:
            if (refused := look(self)) is None:
                self.finish(None, None)
            return refused

        attempt.before_request = claimed_is_sent


def main(orders: Orders) -> None:
    """Send until SIGTERM."""
    make_mistake(orders.mistake)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    outbox = Outbox(orders.url, **{"per_minute": None, "quiet_hours": None, **orders.options})
    client = Blooio(orders.api_key, base_url=orders.base_url)
    print("started", flush=True)
    if orders.engine == "work":
        outbox.work(lambda: client, concurrency=orders.concurrency, stop=stop)
    else:
        outbox.run(client, concurrency=orders.concurrency, stop=stop)


if __name__ == "__main__":
    main(Orders(**json.loads(sys.argv[1])))
