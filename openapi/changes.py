"""What changed between two published documents, and which of it breaks users.

Run `python -m openapi.changes OLD NEW` from the root of the repository.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openapi.nodes import METHODS, PREFIX, Json, Node, escaped, is_array, is_object, resolved, transformed

if TYPE_CHECKING:
    from collections.abc import Iterator

specshift: Any = importlib.import_module("specshift")  # it has no types

VERDICTS = {"breaking": "breaks users", "warning": "may break users", "info": "harmless"}
# specshift compares limits that both documents set; a new one can refuse what was accepted before.
LIMITS = frozenset({"enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"})


MANY = 4  # a change of more operations than this is told once, with their names


class Change(NamedTuple):
    """One change: the operation that it concerns (or another part of the document), a verdict, and what it is."""

    part: str
    verdict: str
    text: str
    answers: str = ""


def report(old: Node, new: Node) -> str:
    """Every change by operation, those that break users first, and every place that differs."""
    changes = changes_between(old, new)
    names = {**operations(new), **operations(old)}
    counts = Counter(change.verdict for change in changes)
    versions = " -> ".join(str(document["info"]["version"]) for document in (old, new))
    summary = f"Version {versions}. " + ", ".join(f"{verdict}: {counts[verdict]}" for verdict in VERDICTS.values())
    sections = [f"{heading}\n" + "\n".join(lines) for heading, lines in _sections(changes, names).items()]
    places = ["Every place that differs (+ new, - gone, ~ changed):", *_differences(old, new)]
    return "\n\n".join([summary, *sections, "\n".join(places)])


def _sections(changes: list[Change], names: dict[str, str]) -> dict[str, list[str]]:
    alike: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        alike[change.verdict, change.text].append(change)
    sections: dict[str, list[str]] = defaultdict(list)
    for (verdict, text), group in alike.items():
        if len(group) > MANY:
            where = [f"{names.get(change.part, change.part)} {change.answers}".strip() for change in group]
            sections[f"In {len(where)} operations: {', '.join(where)}"].append(f"  {verdict}: {text}")
    for change in changes:
        if len(alike[change.verdict, change.text]) <= MANY:
            heading = f"{change.part} ({names[change.part]})" if change.part in names else change.part
            answers = f"answer {change.answers}, " if change.answers else ""
            sections[heading].append(f"  {change.verdict}: {answers}{change.text}")
    return sections


def changes_between(old: Node, new: Node) -> list[Change]:
    """Every change that has a verdict, in the order of the documents."""
    order = [*dict.fromkeys([*operations(old), *operations(new)])]
    verdicts = [*VERDICTS.values()]

    def rank(change: Change) -> tuple[int, str, int, str]:
        position = order.index(change.part) if change.part in order else len(order)
        return position, change.part, verdicts.index(change.verdict), change.text

    return sorted([*_compared(old, new), *_renamed(old, new)], key=rank)


def operations(document: Node) -> dict[str, str]:
    """The operationId of each operation, by method and path."""
    return {
        f"{method.upper()} {path}": str(item[method].get("operationId", "without operationId"))
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _compared(old: Node, new: Node) -> Iterator[Change]:
    found: dict[Change, set[str]] = defaultdict(set)
    for change in specshift.diff_specs(prepared(old), prepared(new)).changes:
        part, _, place = change.location.partition(" > ")
        answer = re.match(r"response (\w+)(?: > )?", place)
        place = place.removeprefix(answer[0]) if answer else place
        text = f"{place}: {change.message}" if place else change.message
        for operation in _operations_of(part, old, new):
            statuses = found[Change(operation, VERDICTS[change.severity.value], text)]
            statuses.update({answer[1]} if answer else ())
    for change, statuses in found.items():  # one for what several answers of an operation share
        yield change._replace(answers=" ".join(sorted(statuses)))


def _operations_of(part: str, old: Node, new: Node) -> list[str]:
    """The operations of a whole path that came or went, or the part itself."""
    names = dict.fromkeys([*operations(old), *operations(new)])
    return [name for name in names if name.partition(" ")[2] == part] or [part]


def _renamed(old: Node, new: Node) -> Iterator[Change]:
    before, after = operations(old), operations(new)
    for part in before.keys() & after.keys():
        if before[part] != after[part]:
            yield Change(part, "breaks users", f"operationId: {before[part]} is called {after[part]} now.")


# ---- What specshift is given ------------------------------------------------------------------------------------


def prepared(document: Node) -> Node:
    """The document with everything where specshift looks for it."""

    def inline(node: Node) -> Json:
        reference = node.get("$ref", PREFIX)
        if reference.startswith(PREFIX):
            return _with_choices(node)
        try:
            return transformed(resolved(document, reference), inline)
        except LookupError:
            return node  # the build tells of it

    whole: Node = transformed(document, inline)
    for item in whole["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            operation["parameters"] = [*item.get("parameters", []), *operation.get("parameters", [])]
    return whole


def _with_choices(node: Node) -> Node:
    """A schema with its alternatives as fields: of these themselves specshift compares only the number."""
    choices = [*node.get("oneOf", []), *node.get("anyOf", [])]
    if not choices:
        return node
    fields = {f"alternative {number}": choice for number, choice in enumerate(choices, 1)}
    return {**node, "properties": {**node.get("properties", {}), **fields}}


# ---- Every place that differs -----------------------------------------------------------------------------------


def _differences(old: Json, new: Json, pointer: str = "") -> Iterator[str]:
    if is_object(old) and is_object(new):
        for key in dict.fromkeys([*old, *new]):
            place = f"{pointer}/{escaped(key)}"
            if key not in new:
                yield f"  - {place}"
            elif key not in old:
                yield f"  + {place}" + (" (a new limit may break users)" if key in LIMITS else "")
            else:
                yield from _differences(old[key], new[key], place)
    elif is_array(old) and is_array(new) and len(old) == len(new):
        for index, (one, two) in enumerate(zip(old, new, strict=True)):
            yield from _differences(one, two, f"{pointer}/{index}")
    elif old != new:
        yield f"  ~ {pointer}"


def main(arguments: list[str]) -> None:
    """Print the report."""
    old, new = (json.loads(Path(argument).read_bytes()) for argument in arguments)
    print(report(old, new))


if __name__ == "__main__":
    main(sys.argv[1:])
