"""Decisions that a new document requires: one line for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openapi.nodes import METHODS, Node
from openapi.normal import followed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Place(NamedTuple):
    """A file that mentions each operation, its notation, and what a new operation requires there."""

    path: str
    row: str
    decision: str
    undecided: str


URLS = {
    "DEFAULT_BASE_URL": "overrides/blooio_overrides/_call/operations.py",
    "PUBLISHED_URL": "cli/blooio_cli/profiles.py",
}
RESULTS = {
    "AcceptedMessage": "SentMessage",
    "Capabilities": "Reachability",
    "ContactCapabilities": "Reachability",
    "ContactLocation": "Location",
    "CreatedWebhook": "CreatedWebhook",
}
"""The hand-written result for each model that has one; new fields of the model must be added to it by hand."""
TABLE = "overrides/blooio_overrides/_call/operations.py"
UNDECIDED = "decide"
"""What `make scaffold` writes where a person has to decide."""
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


def gaps(document: Node, root: Path, before: Node | None = None) -> list[str]:
    """Return a line for each decision that a built document requires.

    These are new operations, rows without an operation, a new URL, and new parameters, body fields and result fields of
    known operations.
    """
    operations = [
        item[method]["operationId"] for item in document["paths"].values() for method in METHODS if method in item
    ]
    return [
        *_elsewhere(document, root),
        *(line for place in PLACES for line in _gaps(place, operations, root)),
        *(_taken(document, before, root) if before else ()),
        *(_returned(document, before) if before else ()),
        *(f"{name}: the document no longer has it; remove it ({TABLE})" for name in _gone(operations, root)),
    ]


def _elsewhere(document: Node, root: Path) -> Iterator[str]:
    for server in document.get("servers", [])[:1]:
        for name, path in URLS.items():
            if f'"{server["url"]}"' not in (root / path).read_text("utf-8"):
                yield f"{server['url']}: is the new URL of the service; set {name} ({path})"


def _taken(document: Node, before: Node, root: Path) -> Iterator[str]:
    """Yield a line for each parameter and each field of a body that a known operation takes now."""
    known, methods = _arguments(before), found(PLACES[1].row, PLACES[1].path, root)
    for operation, arguments in _arguments(document).items():
        for name in [each for each in arguments if each not in known.get(operation, arguments)]:
            path = methods.get(operation, PLACES[1].path)
            yield f"{operation}: add the new argument {name} to its method ({path})"


def _arguments(document: Node) -> dict[str, list[str]]:
    return {
        item[method]["operationId"]: [
            *(followed(document, each)["name"] for part in (item, item[method]) for each in part.get("parameters", [])),
            *(name for schema in _bodies(document, item[method]) for name in schema.get("properties", {})),
        ]
        for item in document["paths"].values()
        for method in METHODS
        if method in item
    }


def _bodies(document: Node, operation: Node) -> list[Node]:
    content = followed(document, operation.get("requestBody")).get("content", {})
    return [followed(document, media["schema"]) for media in content.values()]


def _returned(document: Node, before: Node) -> Iterator[str]:
    """Yield a line for each field that a hand-written result lacks because it is new."""
    now, was = (each["components"]["schemas"] for each in (document, before))
    for model, result in RESULTS.items():
        for name in now.get(model, {}).get("properties", {}):
            if name not in was.get(model, now[model])["properties"]:
                yield f"{model}.{name}: add the new field to {result} (overrides/blooio_overrides/results.py)"


def _gaps(place: Place, operations: list[str], root: Path) -> Iterator[str]:
    known, undecided = found(place.row, place.path, root), found(place.undecided, place.path, root)
    for operation in operations:
        if operation not in known or operation in undecided:
            yield f"{operation}: {place.decision} ({undecided.get(operation, place.path)})"


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
