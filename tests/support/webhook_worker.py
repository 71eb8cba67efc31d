"""A process that handles the events of a store, and may be killed at any moment.

`jobs+postgresql://...` is a store on PostgreSQL whose events are handled by a worker of procrastinate.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from blooio_client import webhooks
from blooio_overrides.webhooks.stores import LEASE

SECRET = "whsec_worker"
JOBS = "jobs+"


def store_at(where: str, lease: float = LEASE) -> Any:
    """Open a store by its URL or file."""
    where = where.removeprefix(JOBS)
    return webhooks.SQLStore(where, lease=lease) if "://" in where else webhooks.SQLiteStore(where, lease=lease)


def receiver_over(store: Any, journal: Path, *, seconds: float, concurrency: int) -> webhooks.Receiver:
    """Return a receiver whose handler writes to a journal when it starts and finishes an event."""
    receiver = webhooks.Receiver(
        secret=SECRET, store=store, concurrency=concurrency, max_attempts=1_000, tolerance=None
    )
    opened = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @receiver.on(webhooks.MessageReceived)
    def write_down(event: webhooks.MessageReceived) -> None:
        os.write(opened, f"begins {event.chat_id} {event.text} {time.monotonic()}\n".encode())
        time.sleep(seconds)
        os.write(opened, f"returns {event.chat_id} {event.text} {time.monotonic()}\n".encode())

    return receiver


def main(where: str, journal: str, seconds: str, concurrency: str, lease: str) -> None:
    """Handle events from the first line of input until its end, or until the process is killed."""
    store = store_at(where, float(lease))
    receiver = receiver_over(store, Path(journal), seconds=float(seconds), concurrency=int(concurrency))
    print("ready", flush=True)
    sys.stdin.readline()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
    if where.startswith(JOBS):
        asyncio.run(work_on_jobs(receiver, where.removeprefix(JOBS), int(concurrency)))
    else:
        receiver.start()
        threading.Event().wait()  # on Python before 3.12.2, a program whose main thread ended cannot start threads


async def work_on_jobs(receiver: webhooks.Receiver, url: str, concurrency: int) -> None:
    """Run a procrastinate worker."""
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
    app.add_tasks_from(receiver.blueprint(), namespace="blooio")
    async with app.open_async():
        await app.run_worker_async(concurrency=concurrency, install_signal_handlers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
