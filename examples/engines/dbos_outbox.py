"""Let DBOS send an outbox: python dbos_outbox.py."""

# pyright: basic
# DBOS is not installed where the examples are checked.

from __future__ import annotations

import os
import threading

from dbos import DBOS  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

from blooio_client import Blooio
from blooio_client.outbox import Outbox

DBOS(config={"name": "outbox", "system_database_url": os.environ.get("DBOS_URL", "sqlite:///dbos.db")})
outbox = Outbox(os.environ.get("OUTBOX_URL", "sqlite:///outbox.db"))
client = Blooio()


@DBOS.workflow()  # type: ignore[untyped-decorator, unused-ignore]
def deliver(message_id: int) -> None:
    """Send one message, unless it was sent already. A repeated workflow is harmless."""
    outbox.deliver(message_id, client)


def main() -> None:
    """Plan once a second; the outbox plans messages of dead workflows again."""
    DBOS.launch()
    DBOS.register_queue("blooio", worker_concurrency=8, polling_interval_sec=0.1)
    pause = threading.Event()
    while True:
        for planned in outbox.plan(horizon=2.0, in_hand=16):  # no more than the queue can handle soon
            DBOS.enqueue_workflow("blooio", deliver, planned.id)
        pause.wait(1.0)


if __name__ == "__main__":
    main()
