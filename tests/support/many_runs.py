"""A subprocess that uses one client in many event loops, and counts its open files.

python many_runs.py BASE_URL API_KEY RUNS     # prints the number after the first run, and after the last
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys

from blooio_client import AsyncBlooio


def open_files() -> int:
    """Return how many files this process has open."""
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only names are needed


def main(base_url: str, api_key: str, runs: str) -> None:
    """Send a message in each of many event loops."""
    chat = AsyncBlooio(api_key, base_url=base_url).chat("+15551234567")
    asyncio.run(chat.send("message 0"))
    before = open_files()
    for number in range(1, int(runs)):
        asyncio.run(chat.send(f"message {number}"))
    print(before, open_files())


if __name__ == "__main__":
    main(*sys.argv[1:])
