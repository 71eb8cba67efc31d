"""Print the method of each operation, and the number of contract tests with either client.

python scripts/coverage_table.py    # exits with 1 if an operation lacks a method, a kind of test, or sandbox support
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs

from blooio_overrides._call.operations import OPERATIONS
from blooio_sandbox.api.handlers import COMING_SOON, HANDLERS, REPLAY

ROOT: Final = Path(__file__).resolve().parent.parent
PUBLISHED: Final = ROOT / "openapi" / "blooio-v2.json"
BUILT: Final = ROOT / "sandbox" / "blooio_sandbox" / "openapi.json"
VERBS: Final = ("get", "put", "post", "patch", "delete")
NEEDED: Final = ("test_a_request_is_valid", "test_a_response_is_read", "test_an_error_is_raised")
HEAD: Final = ("operationId", "method and path", "ergonomic method", "sync tests", "async tests", "sandbox")
MISSING: Final = "MISSING"

Collected = Counter[tuple[str, str, str]]
"""The number of tests by name, operation and mode."""


@attrs.frozen
class Row:
    """The coverage of one operation."""

    operation: str
    path: str
    method: str
    sync: str
    awaiting: str
    sandbox: str

    @property
    def has_gap(self) -> bool:
        """Whether anything is missing."""
        return MISSING in attrs.astuple(self)


def operations(document: Path) -> dict[str, str]:
    """Return every operation of a document, with its method and path."""
    paths: dict[str, dict[str, Any]] = json.loads(document.read_bytes())["paths"]
    return {
        item[verb]["operationId"]: f"{verb.upper()} {path}"
        for path, item in paths.items()
        for verb in VERBS
        if verb in item
    }


def collected() -> Collected:
    """Count the contract tests that pytest finds, by name, operation and mode."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "tests/contract"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the contract tests cannot be collected:\n{done.stdout}{done.stderr}")
    found = re.findall(r"::(\w+)\[(\w+)(?:-\S+)?-(sync|async)\]$", done.stdout, re.MULTILINE)
    return Counter(found)


def tests(counted: Collected, operation: str, mode: str) -> str:
    """Return the number of tests of an operation, and whether a required kind is missing."""
    if not all(counted[name, operation, mode] for name in NEEDED):
        return MISSING
    return str(sum(count for (_, of, in_mode), count in counted.items() if (of, in_mode) == (operation, mode)))


def sandbox(operation: str) -> str:
    """Return whether the sandbox supports an operation; some return "coming soon" until enabled, like the service."""
    if operation not in HANDLERS and operation != REPLAY:
        return MISSING
    return "when enabled" if operation in COMING_SOON else "yes"


def rows() -> Iterator[Row]:
    """Yield a row for each operation; an operation that the build lost has no tests."""
    counted = collected()
    for operation, path in {**operations(PUBLISHED), **operations(BUILT)}.items():
        yield Row(
            operation,
            path,
            OPERATIONS[operation].method if operation in OPERATIONS else MISSING,
            tests(counted, operation, "sync"),
            tests(counted, operation, "async"),
            sandbox(operation),
        )


def main() -> int:
    """Print the table, and return 1 if there is a gap."""
    table = list(rows())
    lines = [HEAD, *(attrs.astuple(row) for row in table)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    published, gaps = operations(PUBLISHED), [row.operation for row in table if row.has_gap]
    beyond = [row.operation for row in table if row.operation not in published]
    print(
        f"\n{len(published)} operations of the published document, {len(beyond)} beyond it: {', '.join(beyond) or '-'}"
    )
    print(f"{len(gaps)} with a gap{': ' if gaps else ''}{', '.join(gaps)}")
    return int(bool(gaps))


if __name__ == "__main__":
    sys.exit(main())
