"""Traversal of OpenAPI documents, which distinguishes keywords from names in maps."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any
Node = dict[str, Json]

PREFIX = "#/components/schemas/"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Keywords whose value is data: a "title" in it is not a keyword.
DATA = frozenset({"example", "examples", "default", "enum", "const"})
# Keywords whose value maps names: a property may be called "title", "default" or "nullable".
MAPS = frozenset(
    {"paths", "properties", "patternProperties", "content", "headers", "encoding", "callbacks"}
    | {"schemas", "parameters", "responses", "requestBodies", "securitySchemes", "links", "pathItems"}
)


def is_object(node: Json) -> TypeGuard[Node]:
    """Return whether a value is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Return whether a value is a JSON array."""
    return isinstance(node, list)


def places_of(node: Json, pointer: str = "", *, is_map: bool = False) -> Iterator[tuple[str, Node]]:
    """Yield every object that contains keywords, itself included, with its JSON pointer."""
    if is_array(node):
        for index, item in enumerate(node):
            yield from places_of(item, f"{pointer}/{index}")
    elif is_object(node):
        if not is_map:
            yield pointer, node
        for key, value in list(node.items()):
            if is_map or key not in DATA:
                yield from places_of(value, f"{pointer}/{escaped(key)}", is_map=not is_map and key in MAPS)


def objects_of(node: Json, *, is_map: bool = False) -> Iterator[Node]:
    """Yield every object that contains keywords, itself included."""
    return (found for _, found in places_of(node, is_map=is_map))


def transformed(node: Json, change: Callable[[Node], Json], *, is_map: bool = False) -> Json:
    """Return a copy with `change` applied to each object that contains keywords, innermost first."""
    if is_array(node):
        return [transformed(item, change) for item in node]
    if not is_object(node):
        return node
    if is_map:
        return {key: transformed(value, change) for key, value in node.items()}
    return change(
        {key: value if key in DATA else transformed(value, change, is_map=key in MAPS) for key, value in node.items()}
    )


def resolved(document: Json, reference: str) -> Json:
    """Return the target of a reference in the document.

    Raises:
        LookupError: The reference is dangling.
    """
    if not reference.startswith("#/"):
        raise KeyError(reference)
    for step in reference.removeprefix("#/").split("/"):
        document = _member(document, step.replace("~1", "/").replace("~0", "~"))
    return document


def _member(node: Json, key: str) -> Json:
    if is_array(node) and key.isdecimal():
        return node[int(key)]
    if is_object(node):
        return node[key]
    raise KeyError(key)


def escaped(key: str) -> str:
    """Return a key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def merged(target: Json, update: Json) -> Json:
    """Merge as in Overlay 1.0, 4.4.3: objects merge, arrays are concatenated without repeats, others replaced."""
    if is_object(target) and is_object(update):
        both = {key: merged(target[key], update[key]) for key in update if key in target}
        return {**target, **copy.deepcopy(update), **both}
    if is_array(target):
        new = update if is_array(update) else [update]
        return target + [item for item in copy.deepcopy(new) if item not in target]
    return copy.deepcopy(update)
