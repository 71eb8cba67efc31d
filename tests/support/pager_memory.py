"""A subprocess that reads lists of contacts through the pager and measures its memory.

python pager_memory.py MODE BASE_URL ...    # for each: items, distinct items, and the peak in bytes
"""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import anyio

from blooio_client import AsyncBlooio, Blooio

PAGE_SIZE = 200
LARGEST = 100_000


def read(mode: str, *urls: str) -> list[tuple[int, int, int]]:
    """Read lists in a separate process, and return the items, distinct items and peak memory of each."""
    command = [sys.executable, "-W", "error", __file__, mode, *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = [map(int, line.split()) for line in done.stdout.splitlines()]
    return [(items, different, peak) for items, different, peak in figures]


def blocking(url: str) -> tuple[int, int]:
    """Read with the sync client."""
    seen, items = bytearray(LARGEST), 0
    with Blooio("stub-key", base_url=url) as client:
        for contact in client.contacts.list(page_size=PAGE_SIZE):
            seen[place_of(contact.identifier)] = 1
            items += 1
    return items, sum(seen)


async def awaiting(url: str) -> tuple[int, int]:
    """Read with the async client."""
    seen, items = bytearray(LARGEST), 0
    async with AsyncBlooio("stub-key", base_url=url) as client:
        async for contact in client.contacts.list(page_size=PAGE_SIZE):
            seen[place_of(contact.identifier)] = 1
            items += 1
    return items, sum(seen)


def place_of(identifier: str) -> int:
    """Return the index of a number in a table of fixed size, which keeps the table's memory constant."""
    return int(identifier.removeprefix("+1555"))


def read_here(mode: str, url: str) -> tuple[int, int]:
    """Read a list in this process."""
    return blocking(url) if mode == "sync" else anyio.run(awaiting, url)


def main(mode: str, *urls: str) -> None:
    """Read each list and print its figures."""
    read_here(mode, urls[0])  # imports everything before the measurement
    for url in urls:
        tracemalloc.start()
        came = read_here(mode, url)
        print(*came, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
