"""What a new document leaves to people: one line for each decision that nothing can make for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openapi.nodes import METHODS, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Table(NamedTuple):
    """A table with a row for each operation: where it is, what a row looks like, and what a new one asks for."""

    path: str
    row: str
    decision: str


SETTINGS = "overrides/blooio_overrides/_call/settings.py"
TABLES = (
    Table(
        "overrides/blooio_overrides/_call/operations.py",
        r'^\s+"(\w+)": Repeat\.',
        "decide what a repeat of it does (Repeat)",
    ),
    Table("tests/test_every_operation.py", r'^\s+"(\w+)": "[\w.()]+",$', "give it a method, and name it here"),
    Table(
        "sandbox/blooio_sandbox/**/*.py", r'"(\w+)": [a-z_.]+\b|^REPLAY: str = "(\w+)"', "give it a handler in HANDLERS"
    ),
    Table("tests/support/contract_cases.py", r'^\s+"(\w+)": \{', "write its calls"),
)


def gaps(document: Node, root: Path) -> list[str]:
    """Return a line for each table that lacks an operation of a built document or has one too many, and a new URL."""
    operations = [
        item[method]["operationId"] for item in document["paths"].values() for method in METHODS if method in item
    ]
    return [*_elsewhere(document, root), *(line for table in TABLES for line in _gaps(table, operations, root))]


def _elsewhere(document: Node, root: Path) -> Iterator[str]:
    for server in document.get("servers", [])[:1]:
        if f'"{server["url"]}"' not in (root / SETTINGS).read_text("utf-8"):
            yield f"{server['url']}: is where the service is now, write it as DEFAULT_BASE_URL, {SETTINGS}"


def _gaps(table: Table, operations: list[str], root: Path) -> Iterator[str]:
    rows = dict[str, str]()
    for path in sorted(root.glob(table.path)):
        for found in re.finditer(table.row, path.read_text("utf-8"), re.MULTILINE):
            rows.setdefault(next(name for name in found.groups() if name), path.relative_to(root).as_posix())
    for operation in operations:
        if operation not in rows:
            yield f"{operation}: {table.decision}, {table.path}"
    if "*" not in table.path:
        for operation, where in rows.items():
            if operation not in operations:
                yield f"{operation}: the document no longer has it, remove it, {where}"
