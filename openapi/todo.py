"""Decisions that a new document requires: one line for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openapi.nodes import METHODS, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Place(NamedTuple):
    """A file that mentions each operation, its notation, and what a new operation requires there."""

    path: str
    row: str
    decision: str
    undecided: str


SETTINGS = "overrides/blooio_overrides/_call/settings.py"
TABLE = "overrides/blooio_overrides/_call/operations.py"
UNDECIDED = "decide"
"""What `make scaffold` writes where only people can decide."""
ROW = r'^\s+"(\w+)": Operation\('
PLACES = (
    Place(
        TABLE,
        ROW,
        "decide whether it may be repeated, and which method sends it",
        rf'{ROW}(?:"[^"]*"|[^"()])*?"{UNDECIDED}"',
    ),
    Place(
        "overrides/blooio_overrides/_async/*.py",
        r"^ +Source: ([\w, ]+)$",
        "write the method",
        rf'Source: (\w+)\n +"""\n +raise NotImplementedError\("{UNDECIDED}"\)',
    ),
    Place(
        "sandbox/blooio_sandbox/**/*.py",
        r'"(\w+)": [a-z_.]+\b|^REPLAY: str = "(\w+)"',
        "write its handler",
        rf'Handle (\w+)\."""\n +raise NotImplementedError\("{UNDECIDED}"\)',
    ),
)


def gaps(document: Node, root: Path) -> list[str]:
    """Return a line for each decision that a built document requires, each outdated row, and a new URL."""
    operations = [
        item[method]["operationId"] for item in document["paths"].values() for method in METHODS if method in item
    ]
    return [
        *_elsewhere(document, root),
        *(line for place in PLACES for line in _gaps(place, operations, root)),
        *(f"{name}: the document no longer has it, remove it, {TABLE}" for name in _gone(operations, root)),
    ]


def _elsewhere(document: Node, root: Path) -> Iterator[str]:
    for server in document.get("servers", [])[:1]:
        if f'"{server["url"]}"' not in (root / SETTINGS).read_text("utf-8"):
            yield f"{server['url']}: is the new URL of the service; set DEFAULT_BASE_URL, {SETTINGS}"


def _gaps(place: Place, operations: list[str], root: Path) -> Iterator[str]:
    known, undecided = found(place.row, place.path, root), found(place.undecided, place.path, root)
    for operation in operations:
        if operation not in known or operation in undecided:
            yield f"{operation}: {place.decision}, {undecided.get(operation, place.path)}"


def _gone(operations: list[str], root: Path) -> list[str]:
    return [name for name in found(ROW, TABLE, root) if name not in operations]


def found(pattern: str, path: str, root: Path) -> dict[str, str]:
    """Return the operations that files mention in this notation, each with its file."""
    names = dict[str, str]()
    for file in sorted(root.glob(path)):
        for match in re.finditer(pattern, file.read_text("utf-8"), re.MULTILINE):
            for name in next(each for each in match.groups() if each).split(", "):
                names.setdefault(name, file.relative_to(root).as_posix())
    return names
