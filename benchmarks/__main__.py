"""Measure, print the table, and save it.

python -m benchmarks                    # everything; writes benchmarks/RESULTS.md
python -m benchmarks sends webhooks     # only these; writes nothing
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from benchmarks import awaiting_sends, command, pagers, pages, processes, sandbox, sends, table, webhooks
from benchmarks.harness import ROOT, Row, server

FAMILIES: Final[Mapping[str, Callable[[str], list[Row]]]] = {
    "sends": sends.rows,
    "awaiting_sends": awaiting_sends.rows,
    "pages": pages.rows,
    "processes": processes.rows,
    "command": command.rows,
    "pagers": pagers.rows,
    "webhooks": webhooks.rows,
    "sandbox": sandbox.rows,
}
RESULTS: Final = ROOT / "benchmarks" / "RESULTS.md"
READING: Final = """\
Written by `make bench`. Every ratio is the median of the ratios of interleaved rounds in one run on one machine;
the other figures are medians, and apply to that machine only.
`limit` is the least work possible: a raw socket and `json`; for processes, a Python that does nothing;
for webhooks, HMAC and `json.loads`; for the sandbox, a bare starlette app that returns the same bytes.
`blooio` is the official package. With "own http_client", `ours` sends through the user's own httpx client;
only with "extra fast" does it use msgspec (`blooio-client[fast]`).
`import only` is `python -c "import blooio_client; blooio_client.Blooio"`.
"""


def main(names: Sequence[str]) -> int:
    """Measure some families or all, and return whether any budget was missed."""
    if unknown := sorted(set(names) - FAMILIES.keys()):
        sys.exit(f"unknown: {', '.join(unknown)}. The families are {', '.join(FAMILIES)}")
    said = table.machine()
    with server() as url:
        rows = [row for name in names or FAMILIES for row in measured(name, url)]
    lines = table.lines(rows)
    print("\n".join([*said, "", *lines]))
    if not names:
        RESULTS.write_text("\n".join(["# Results", "", READING, *said, "", *lines, ""]))
    missed = [row.work for row in rows if not all(comparison.is_met for comparison in row.comparisons)]
    print(f"\nover budget, or not measured: {'; '.join(missed)}" if missed else "\nall budgets are met")
    return int(bool(missed))


def measured(name: str, url: str) -> list[Row]:
    """Measure one family, and print its name before."""
    print(f"measuring {name}", file=sys.stderr, flush=True)
    return FAMILIES[name](url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
