"""A process that receives deliveries, and may be killed at any moment."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import uvicorn

from blooio_client import webhooks

SECRET = "whsec_victim"


def receiver_over(store: webhooks.SQLiteStore, journal: Path) -> webhooks.Receiver:
    """Return a receiver whose handler writes each event to a journal."""
    receiver = webhooks.Receiver(secret=SECRET, store=store, tolerance=None)

    @receiver.on(webhooks.MessageReceived)
    def write_down(event: webhooks.MessageReceived) -> None:
        opened = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(opened, f"{event.dedupe_key}\n".encode())
        os.close(opened)

    return receiver


def main(descriptor: str, folder: str) -> None:
    """Print a line, and serve on an open socket."""
    store = webhooks.SQLiteStore(Path(folder) / "events.db")
    app = webhooks.asgi(receiver_over(store, Path(folder) / "journal"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    print("serving", flush=True)
    server.run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main(*sys.argv[1:])
