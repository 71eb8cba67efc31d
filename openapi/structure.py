"""Checks of a document before names are assigned: references have targets, and operations have ids."""

from __future__ import annotations

import builtins
import keyword
import re
from functools import partial
from typing import TYPE_CHECKING

from openapi_python_client.strings import snake_case

from openapi.nodes import METHODS, PREFIX, Json, Node, escaped, is_object, places_of, resolved, transformed
from openapi.problems import action

if TYPE_CHECKING:
    from collections.abc import Iterator

USED = frozenset({"models", "warn_deprecated", "only_one", "datetime"})
COMPONENT = re.compile("#/components/[^/]+/[^/]+")


def misshapen(document: Node) -> Iterator[str]:
    """Yield a problem for each path that does not define its operations."""
    for path, item in document["paths"].items():
        pointer = f"/paths/{escaped(path)}"
        if not is_object(item):
            yield f"{pointer}: {item!r} describes no operations. Remove it in the overlay:\n{action(pointer)}"
        elif "$ref" in item:
            yield (
                f"{pointer}: refers to {item['$ref']}. "
                f"Use a document that contains this path, or remove it in the overlay:\n{action(pointer)}"
            )
        else:
            for key in item.keys() - METHODS:
                if is_object(item[key]) and "responses" in item[key]:
                    place = f"{pointer}/{escaped(key)}"
                    yield f"{place}: {key} is not an HTTP method. Remove it in the overlay:\n{action(place)}"


def references(document: Node) -> Iterator[str]:
    """Yield a problem for each reference that is dangling, external, or to itself."""
    for pointer, node in places_of(document):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield from _reference(document, pointer, reference)


def _reference(document: Node, pointer: str, reference: str) -> Iterator[str]:
    if not reference.startswith("#"):
        yield (
            f"{pointer}: {reference} is not in this document. "
            f"Use a bundled document, or remove it in the overlay:\n{action(pointer)}"
        )
        return
    if f"{pointer}/".startswith(f"{reference[1:]}/") and not COMPONENT.fullmatch(reference):
        yield f"{pointer}: {reference} contains this place. Remove it in the overlay:\n{action(pointer)}"
        return
    seen = [reference]
    while True:
        try:
            target = resolved(document, seen[-1])
        except LookupError:
            yield f"{pointer}: {seen[-1]} is dangling: the document lacks it, or the overlay removes it."
            return
        following = target.get("$ref") if is_object(target) else None
        if not isinstance(following, str):
            return
        if following in seen:
            yield f"{pointer}: {reference} refers to itself. Remove it in the overlay:\n{action(pointer)}"
            return
        seen.append(following)


def inlined(document: Node, node: Node, trail: tuple[str, ...] = ()) -> Json:
    """Return what a reference to a part of a schema or a path refers to; one to a component stays."""
    reference = node.get("$ref")
    if not isinstance(reference, str) or COMPONENT.fullmatch(reference) or reference in trail:
        return node
    target = transformed(resolved(document, reference), partial(inlined, document, trail=(*trail, reference)))
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def circles(document: Node) -> Iterator[str]:
    """Yield a problem for each component schema that is composed (allOf) of itself."""
    schemas = document["components"]["schemas"]

    def parts(name: str) -> list[str]:
        all_of: list[Node] = schemas[name].get("allOf", []) if name in schemas and is_object(schemas[name]) else []
        return [each["$ref"].removeprefix(PREFIX) for each in all_of if is_object(each) and "$ref" in each]

    for name in schemas:
        seen, left = set[str](), parts(name)
        while left:
            part = left.pop()
            if part not in seen:
                seen.add(part)
                left += parts(part)
        if name in seen:
            pointer = f"/components/schemas/{escaped(name)}"
            yield (
                f"{pointer}: composed (allOf) of itself. Remove the cycle in the overlay:\n{action(pointer + '/allOf')}"
            )


def nested(document: Node) -> Iterator[str]:
    """Yield a problem for each field through which a schema contains itself: a class must be defined first."""
    schemas = document["components"]["schemas"]
    fields = {name: list(_fields(document, f"/components/schemas/{escaped(name)}")) for name in schemas}
    done = set[str]()

    def visited(name: str, way: tuple[str, ...]) -> Iterator[str]:
        if name in done:
            return
        for pointer, target in fields.get(name, []):
            if target in (*way, name):
                yield (
                    f"{pointer}: {target} contains itself. "
                    f"Remove the field in the overlay; it stays in `additional_properties`:\n{action(pointer)}"
                )
            else:
                yield from visited(target, (*way, name))
        done.add(name)

    for name in schemas:
        yield from visited(name, ())


def _fields(document: Node, pointer: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield each field that refers to a component, with its name; a map is read as a plain dict."""
    schema: Node = resolved(document, f"#{pointer}")
    if pointer in seen or not is_object(schema):
        return
    if isinstance(schema.get("$ref"), str):
        yield from _fields(document, schema["$ref"].removeprefix("#"), (*seen, pointer))
    for name, field in schema.get("properties", {}).items():
        place = f"{pointer}/properties/{escaped(name)}"
        for at, node in places_of(field):
            if isinstance(node.get("$ref"), str) and "/additionalProperties" not in at:
                yield place, node["$ref"].removeprefix(PREFIX)
    for key in ("allOf", "oneOf", "anyOf"):
        for index in range(len(schema.get(key, []))):
            yield from _fields(document, f"{pointer}/{key}/{index}", (*seen, pointer))


def operation_ids(document: Node) -> Iterator[str]:
    """Yield a problem for each operation with an operationId that is missing, repeated or not a valid function name."""
    known = dict[str, str]()
    for path, item in document["paths"].items():
        for method in METHODS:
            if not is_object(item) or not is_object(item.get(method)):
                continue
            pointer, name = f"/paths/{escaped(path)}/{method}", item[method].get("operationId")
            if not isinstance(name, str) or not name:
                yield (
                    f"{pointer}: has no operationId. "
                    f"Name it in the overlay:\n{action(pointer, {'operationId': _id(method, path)})}"
                )
                continue
            function = camel(name)
            is_used = is_used_in_calls(snake_case(function))
            fresh = _id(method, path) if function in known or is_used else function
            cure = action(pointer, {"operationId": fresh}, {"operationId": name})
            if function in known:
                yield (
                    f"{pointer}: {known[function]} has the operationId {name}, too. "
                    f"Name one of them in the overlay:\n{cure}"
                )
            elif is_used:
                yield (
                    f"{pointer}: the operationId {name} would be a function that calls.py or Python has. "
                    f"Name it in the overlay:\n{cure}"
                )
            elif function != name:
                yield (
                    f"{pointer}: the operationId {name} has no equivalent in snake_case. "
                    f"Name it in the overlay:\n{cure}"
                )
            known.setdefault(function, pointer)


def is_used_in_calls(name: str) -> bool:
    """Return whether calls.py or Python uses a name, so that a function or an argument cannot have it."""
    return name in USED or name.startswith("describe") or hasattr(builtins, name) or keyword.iskeyword(name)


def camel(name: str) -> str:
    """Return an operationId as the generator derives it from its snake_case: getURLInfo becomes getUrlInfo."""
    first, *others = snake_case(name.lstrip("0123456789_.- ")).split("_")
    return first + "".join(word.capitalize() for word in others)


def _id(method: str, path: str) -> str:
    steps = [step.strip("{}") for step in path.split("/") if step]
    return camel("-".join([method, *steps]))
