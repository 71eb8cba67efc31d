"""Compare two published documents, and find the changes that break users.

Run `python -m openapi.wire OLD NEW` from the root of the repository.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi.intake import read_document
from openapi.nodes import METHODS, PREFIX, Json, Node, is_object, resolved, transformed
from openapi.normal import allows_null, normalized, without_null
from openapi.wire_rules import (
    BREAKS,
    HARMLESS,
    LIMITS,
    MAY_BREAK,
    Change,
    differences,
    is_moved,
    operations,
    other_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

specshift: Any = importlib.import_module("specshift")  # it has no types

VERDICTS = {"breaking": "breaks users", "warning": "may break users", "info": "harmless"}
NULLS = {  # whether it is in a response
    ("Field now accepts a null value.", True): MAY_BREAK,
    ("Field now accepts a null value.", False): HARMLESS,
    ("Field no longer accepts null.", True): HARMLESS,
    ("Field no longer accepts null.", False): BREAKS,
}
"""Verdicts on null, which specshift confuses."""
MANY = 4  # a change that affects more operations is listed once, with their names


def report(old: Node, new: Node) -> str:
    """Return every change by operation, breaking ones first, and every place that differs."""
    old, new = normalized(old), normalized(new)
    changes = changes_between(old, new)
    names = {**operations(new), **operations(old)}
    counts = Counter(change.verdict for change in changes)
    versions = " -> ".join(str(document["info"]["version"]) for document in (old, new))
    summary = f"Version {versions}. " + ", ".join(f"{verdict}: {counts[verdict]}" for verdict in VERDICTS.values())
    sections = [f"{heading}\n" + "\n".join(lines) for heading, lines in _sections(changes, names).items()]
    found = _places(old, new)
    places = ["Every place that differs (+ new, - gone, ~ changed):", *found] if found else ["No place differs."]
    return "\n\n".join([summary, *sections, "\n".join(places)])


def _places(old: Node, new: Node) -> list[str]:
    return [
        f"  {what} {pointer}"
        + (" (a new limit may break users)" if what == "+" and pointer.split("/")[-1] in LIMITS else "")
        for pointer, what in differences(old, new)
    ]


def _sections(changes: list[Change], names: dict[str, str]) -> dict[str, list[str]]:
    alike: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        alike[change.verdict, change.text].append(change)
    sections: dict[str, list[str]] = defaultdict(list)
    for (verdict, text), group in alike.items():
        if len(group) > MANY:
            where = [f"{names.get(change.part, change.part)} {change.responses}".strip() for change in group]
            sections[f"In {len(where)} operations: {', '.join(where)}"].append(f"  {verdict}: {text}")
    for change in changes:
        if len(alike[change.verdict, change.text]) <= MANY:
            heading = f"{change.part} ({names[change.part]})" if change.part in names else change.part
            responses = f"response {change.responses}, " if change.responses else ""
            sections[heading].append(f"  {change.verdict}: {responses}{change.text}")
    return sections


def changes_between(old: Node, new: Node) -> list[Change]:
    """Return every change with a verdict, in the order of the documents."""
    order = [*dict.fromkeys([*operations(old), *operations(new)])]
    verdicts = [*VERDICTS.values()]

    def rank(change: Change) -> tuple[int, str, int, str]:
        position = order.index(change.part) if change.part in order else len(order)
        return position, change.part, verdicts.index(change.verdict), change.text

    old, new = normalized(old), normalized(new)
    compared = [change for change in _compared(old, new) if not is_moved(change, old, new)]
    return sorted([*compared, *other_changes(old, new)], key=rank)


def _compared(old: Node, new: Node) -> Iterator[Change]:
    found: dict[Change, set[str]] = defaultdict(set)
    for change in specshift.diff_specs(prepared(old), prepared(new)).changes:
        part, _, place = change.location.partition(" > ")
        answer = re.match(r"response (\w+)(?: > )?", place)
        place = place.removeprefix(answer[0]) if answer else place
        text = f"{place}: {change.message}" if place else change.message
        verdict = NULLS.get((change.message, bool(answer)), VERDICTS[change.severity.value])
        for operation in _operations_of(part, old, new):
            statuses = found[Change(operation, verdict, text)]
            statuses.update({answer[1]} if answer else ())
    for change, statuses in found.items():  # one for what several responses of an operation share
        yield change._replace(responses=" ".join(sorted(statuses)))


def _operations_of(part: str, old: Node, new: Node) -> list[str]:
    """Return the operations of an added or removed path, or the part itself."""
    names = dict.fromkeys([*operations(old), *operations(new)])
    return [name for name in names if name.partition(" ")[2] == part] or [part]


# ---- The input of specshift -------------------------------------------------------------------------------------


def prepared(document: Node) -> Node:
    """Return the document with everything moved to the places that specshift compares.

    It finds null only in `nullable`, and nothing next to a reference or in a single allOf.
    """

    def inline(node: Node, trail: tuple[str, ...] = ()) -> Json:
        reference = node.get("$ref", PREFIX)
        if reference.startswith(PREFIX) or reference in trail:
            return _with_fields({**without_null(node), "nullable": True} if allows_null(node) else node)
        try:
            return transformed(resolved(document, reference), partial(inline, trail=(*trail, reference)))
        except LookupError:
            return node  # the build reports it

    def unwrapped(node: Node, trail: tuple[str, ...] = ()) -> Json:
        if len(node.get("allOf", [])) == 1:
            node = {**node["allOf"][0], **{key: value for key, value in node.items() if key != "allOf"}}
        reference = node.get("$ref")
        if reference is None or len(node) == 1 or reference in trail:
            return node
        try:
            target = transformed(resolved(whole, reference), partial(unwrapped, trail=(*trail, reference)))
        except LookupError:
            return node  # as above
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}

    whole: Node = transformed(document, inline)
    whole = transformed(whole, unwrapped)
    whole["paths"] = {path: item for path, item in whole["paths"].items() if is_object(item)}
    for item in whole["paths"].values():
        for operation in (item[method] for method in METHODS if is_object(item.get(method))):
            operation["parameters"] = [*item.get("parameters", []), *operation.get("parameters", [])]
    return whole


def _with_fields(node: Node) -> Node:
    """Return a schema with its alternatives, and the values of a map, as fields: specshift does not compare them."""
    fields = dict[str, Json]()
    for number, choice in enumerate([*node.get("oneOf", []), *node.get("anyOf", [])], 1):
        kind = str(choice.get("title") or choice.get("$ref", "").rpartition("/")[2] or choice.get("type") or number)
        fields[f"alternative {kind if f'alternative {kind}' not in fields else number}"] = choice
    if is_object(node.get("additionalProperties")):
        fields["of any name"] = node["additionalProperties"]
    return {**node, "properties": {**node.get("properties", {}), **fields}} if fields else node


def main(arguments: list[str]) -> None:
    """Print the report."""
    old, new = (read_document(Path(argument).read_bytes()) for argument in arguments)
    print(report(old, new))


if __name__ == "__main__":
    main(sys.argv[1:])
