"""A contender in its own process, so that imports and garbage of others do not affect it.

python -m benchmarks.contender MODULE TABLE NAME URL    # reads numbers of calls; makes them, and prints the seconds
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

Work = Callable[[int], object]
"""Repeats a piece of work this many times."""
Contender = Callable[[str], AbstractContextManager[Work]]
"""Prepares to work with the server at a URL."""


def main(module: str, table: str, name: str, url: str) -> None:
    """Prepare, and run on command."""
    contenders: dict[str, Contender] = getattr(importlib.import_module(f"benchmarks.{module}"), table)
    with contenders[name](url) as work:
        print("ready", flush=True)
        for line in sys.stdin:
            print(seconds(work, int(line)), flush=True)


def seconds(work: Work, calls: int) -> float:
    """Return the seconds that some calls take."""
    began = time.perf_counter()
    work(calls)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
