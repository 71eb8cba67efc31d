"""What it costs to start: a process that imports and makes a client, beside one that does so with httpx alone.

python benchmarks/startup.py            # print the ratios
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BASELINE = "httpx: import, client"
WORK = {
    BASELINE: "import httpx; httpx.Client()",
    "blooio_client: import": "from blooio_client import Blooio",
    "blooio_client: import, client": "from blooio_client import Blooio; Blooio('key')",
    "blooio_client: import, async client": "from blooio_client import AsyncBlooio; AsyncBlooio('key')",
}
AT_MOST = {"blooio_client: import, client": 1.25, "blooio_client: import, async client": 1.25}


def seconds(code: str) -> float:
    """How long a process takes to run some code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def main() -> str | None:
    """Measure in turns, so that whatever else the machine does falls on all alike; compare medians."""
    empty = [seconds("pass") for _ in range(3)]
    taken: dict[str, list[float]] = {name: [] for name in WORK}
    for _ in range(ROUNDS):
        for name, code in WORK.items():
            taken[name].append(seconds(code))
    medians = {name: statistics.median(each) for name, each in taken.items()}
    print(f"medians of {ROUNDS} interleaved processes; an empty one takes {min(empty) * 1000:.0f} ms")
    for name, median in medians.items():
        print(f"  {name:<38} {median * 1000:6.0f} ms  {median / medians[BASELINE]:5.2f} x")
    late = [name for name, most in AT_MOST.items() if medians[name] > most * medians[BASELINE]]
    return f"over its bound: {', '.join(late)}" if late else None


if __name__ == "__main__":
    sys.exit(main())
