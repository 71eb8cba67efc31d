"""Changes that specshift does not find: ids, places, authentication, names of schemas, limits, deprecations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openapi.moved import moved_paths, naming, renamed_schemas
from openapi.nodes import METHODS, Json, Node, escaped, is_array, is_object, places_of, resolved
from openapi.normal import NARROWING

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAKS, MAY_BREAK, HARMLESS = "breaks users", "may break users", "harmless"
# specshift compares limits that both documents set; a new limit can reject what was accepted before.
LIMITS = frozenset(
    {"enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "exclusiveMinimum"}
    | {"exclusiveMaximum", "multipleOf", "uniqueItems", "minProperties", "maxProperties", "not", "dependentRequired"}
)


OPERATION = re.compile("/paths/[^/]+/[^/]+")
UNITS = re.compile(r"(?i)\b(milliseconds?|ms|seconds?|minutes?|unix|epoch|iso\W?8601)\b")


class Change(NamedTuple):
    """A change: the operation (or another part of the document), a verdict, and a description."""

    part: str
    verdict: str
    text: str
    responses: str = ""


def operations(document: Node) -> dict[str, str]:
    """Return the operationId of each operation, by method and path."""
    return {
        f"{method.upper()} {path}": str(item[method].get("operationId", "without operationId"))
        for path, item in document["paths"].items()
        if is_object(item)
        for method in METHODS
        if is_object(item.get(method))
    }


def other_changes(old: Node, new: Node) -> Iterator[Change]:
    """Return every change between two normalized documents that specshift does not report."""
    yield from _renamed_operations(old, new)
    yield from _moved_operations(old, new)
    yield from _authentication(old, new)
    yield from _of_operations(old, new)
    for name, now in renamed_schemas(old, new).items():
        yield Change(
            f"/components/schemas/{name}",
            BREAKS,
            f"was renamed to {now}, and so was its class. Keep the name in the overlay:\n    {naming(now, name)}",
        )
    for pointer, what in differences(old, new):
        holder, _, key = pointer.rpartition("/")
        if what == "+" and (key in LIMITS or _only_narrows(resolved(new, f"#{pointer}"), key)):
            yield Change(holder, MAY_BREAK, f"{key} is a new limit.")
    yield from _other_units(old, new)
    for pointer, what in differences(old, new):
        if pointer.startswith("/webhooks") and pointer.count("/") <= 2:  # noqa: PLR2004 - /webhooks/name
            yield Change(pointer, HARMLESS, f"{WORDS[what]}; deliveries are read by hand-written code.")


def _only_narrows(choices: Json, key: str) -> bool:
    """Return whether alternatives only require fields, such as text or attachments."""
    return key in ("oneOf", "anyOf") and is_array(choices) and all(each.keys() <= NARROWING for each in choices)


def _other_units(old: Node, new: Node) -> Iterator[Change]:
    """Yield each description that names other units of time: the numbers look alike."""
    before = dict(places_of(old))
    for pointer, node in places_of(new):
        was, now = (str(each.get("description", "")) for each in (before.get(pointer, {}), node))
        units = [{unit.lower().rstrip("s") for unit in UNITS.findall(text)} for text in (was, now)]
        if pointer in before and units[1] and units[0] != units[1]:
            yield Change(pointer, MAY_BREAK, f"the description names other units: {was!r} is {now!r} now.")


WORDS = {"+": "is new", "-": "is gone", "~": "changed"}


def _renamed_operations(old: Node, new: Node) -> Iterator[Change]:
    before, after = operations(old), operations(new)
    for part in before.keys() & after.keys():
        if before[part] != after[part]:
            yield Change(part, BREAKS, f"operationId: {before[part]} was renamed to {after[part]}.")


def _moved_operations(old: Node, new: Node) -> Iterator[Change]:
    for path, now in moved_paths(old, new).items():
        for part, name in operations(old).items():
            if part.partition(" ")[2] == path and name in operations(new).values():
                yield Change(part, HARMLESS, f"{name} moved to {now}; Python code does not contain the path.")


def is_moved(change: Change, old: Node, new: Node) -> bool:
    """Return whether specshift reports a moved operation as removed or new."""
    names = {**operations(new), **operations(old)}
    name = names.get(change.part)
    moved = [each for each in names if names[each] == name]
    path = change.part.partition(" ")[2]
    return len(moved) > 1 and change.text.endswith((f"removed: {path}", f"added: {path}"))


def _authentication(old: Node, new: Node) -> Iterator[Change]:
    for name, pointer in (("security", "/security"), ("securitySchemes", "/components/securitySchemes")):
        before, after = ((each if name == "security" else each.get("components", {})).get(name) for each in (old, new))
        if _without_words(before) != _without_words(after):
            yield Change(pointer, BREAKS, f"authentication: {_without_words(before)} is {_without_words(after)} now.")


def _without_words(node: Json) -> Json:
    if is_object(node):
        return {key: _without_words(value) for key, value in node.items() if key != "description"}
    return node


def _of_operations(old: Node, new: Node) -> Iterator[Change]:
    common = operations(old).keys() & operations(new).keys()
    for part in sorted(common):
        method, path = part.split(" ", 1)
        before, after = (each["paths"][path][method.lower()] for each in (old, new))
        if before.get("security") != after.get("security"):
            yield Change(part, BREAKS, f"authentication: {before.get('security')} is {after.get('security')} now.")
        if before.get("servers") != after.get("servers"):
            yield Change(part, BREAKS, f"servers: {before.get('servers')} is {after.get('servers')} now.")
    for part in sorted(operations(new).keys() - operations(old).keys()):
        method, path = part.split(" ", 1)
        if new["paths"][path][method.lower()].get("security") == []:
            yield Change(part, HARMLESS, "requires no API key; the client sends it anyway.")
    for pointer, what in differences(old, new):
        if what == "+" and pointer.endswith("/deprecated") and not OPERATION.fullmatch(pointer.rpartition("/")[0]):
            yield Change(pointer.rpartition("/")[0], MAY_BREAK, "is deprecated now.")


def differences(old: Json, new: Json, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield every place that differs, with + for new, - for removed and ~ for changed."""
    if is_object(old) and is_object(new):
        for key in dict.fromkeys([*old, *new]):
            place = f"{pointer}/{escaped(key)}"
            if key not in new:
                yield place, "-"
            elif key not in old:
                yield place, "+"
            else:
                yield from differences(old[key], new[key], place)
    elif is_array(old) and is_array(new) and len(old) == len(new):
        for index, (one, two) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, two, f"{pointer}/{index}")
    elif old != new:
        yield pointer, "~"
