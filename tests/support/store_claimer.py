"""A process that takes events from a store and exits without finishing them."""

from __future__ import annotations

import sys

from blooio_client.webhooks import SQLiteStore


def main(path: str, how_many: str) -> None:
    """Take this many events, or all, and print their keys."""
    with SQLiteStore(path) as store:
        for _ in range(int(how_many)):
            if (claim := store.claim()) is None:
                break
            print(claim.key, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
