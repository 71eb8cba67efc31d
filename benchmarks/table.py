"""The table, as printed and as saved."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.harness import HTTPX, HTTPX2, LIMIT, NEEDS, OFFICIAL, OURS, Comparison, Row, available

COLUMNS: Final = (LIMIT, HTTPX, HTTPX2, OFFICIAL, OURS)
HEADINGS: Final = ("work", "unit", *COLUMNS, "ratio", "budget", "")
PACKAGES: Final = ("httpx", "httpcore", "httpx2", "anyio", "attrs", "msgspec", "blooio", "blooio-client")


def lines(rows: Collection[Row]) -> list[str]:
    """Return the table: a line for each row, and another one for each further budget."""
    cells = [line for row in rows for line in cells_of(row)]
    widths = [max(len(line[column]) for line in (HEADINGS, *cells)) for column in range(len(HEADINGS))]
    rule = tuple("-" * width if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths))  # noqa: PLR2004 - words stand left, figures right
    return [written(line, widths) for line in (HEADINGS, rule, *cells)]


def written(line: Collection[str], widths: Collection[int]) -> str:
    """Return one line of the table."""
    padded = [
        cell.ljust(width) if column < 2 else cell.rjust(width)  # noqa: PLR2004
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def cells_of(row: Row) -> list[tuple[str, ...]]:
    """Return the cells of a row."""
    figures = [figure(row.figures[name]) if name in row.figures else "" for name in COLUMNS]
    first, *further = [verdict(comparison) for comparison in row.comparisons] or [("", "", "")]
    blank = [""] * len(COLUMNS)
    return [(row.work, row.unit, *figures, *first), *(("", "", *blank, *each) for each in further)]


def figure(value: float) -> str:
    """Return a figure with its significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004


def verdict(comparison: Comparison) -> tuple[str, str, str]:
    """Return a ratio, its budget, and whether it is met."""
    if comparison.ratio is None:
        return f"x {comparison.against}", bound_of(comparison), "not measured"
    if comparison.bound is None:
        return f"{comparison.ratio:.2f} x {comparison.against}", "", ""
    return (
        f"{comparison.ratio:.2f} x {comparison.against}",
        bound_of(comparison),
        "met" if comparison.is_met else "OVER",
    )


def bound_of(comparison: Comparison) -> str:
    """Return the bound of a ratio."""
    return "" if comparison.bound is None else f"{'≥' if comparison.is_floor else '≤'} {comparison.bound:.2f}"


def machine() -> list[str]:
    """Describe the machine and the versions of the packages."""
    found = {name: installed(name) for name in PACKAGES}
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return [
        f"* {datetime.now(UTC):%Y-%m-%d}; {processor()}, {os.cpu_count()} cores{load}",
        f"* {platform.system()} {platform.release()}, {platform.python_implementation()} {platform.python_version()}",
        f"* {', '.join(f'{name} {number}' for name, number in found.items() if number)}",
        *[f"* not measured, since it is not installed: {name}" for name in NEEDS if name not in available(NEEDS)],
    ]


def installed(package: str) -> str | None:
    """Return the version of a package."""
    if package == "blooio-client":
        import blooio_client

        return blooio_client.__version__
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def processor() -> str:
    """Return the name of the processor, if the system reports it."""
    known = Path("/proc/cpuinfo")
    named = known.read_text().partition("model name")[2] if known.exists() else ""
    return named.partition(":")[2].partition("\n")[0].strip() or platform.processor() or platform.machine()
