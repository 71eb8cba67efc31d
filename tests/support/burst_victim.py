"""A process that replies to a burst of messages, and exits before its handler returns."""

from __future__ import annotations

import os
import sys

from blooio_client import Blooio, webhooks

SECRET = "whsec_burst"


def receiver_over(store: webhooks.SQLiteStore, client: Blooio, *, ends: bool) -> webhooks.Receiver:
    """Return a receiver that replies to bursts; if `ends`, the process exits after the first reply."""
    receiver = webhooks.Receiver(secret=SECRET, store=store)

    @receiver.on_burst(webhooks.MessageReceived, quiet=0.01)
    def reply(burst: webhooks.Burst) -> None:
        burst.reply(client, f"You wrote: {burst.text}")
        if ends:
            os._exit(3)

    return receiver


def main(path: str, api_key: str, base_url: str) -> None:
    """Handle due events until the process ends."""
    with webhooks.SQLiteStore(path) as store, Blooio(api_key, base_url=base_url) as client:
        receiver_over(store, client, ends=True).drain()


if __name__ == "__main__":
    main(*sys.argv[1:])
