"""Names of schemas: a titled schema becomes a component, and one without a title is a problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName, snake_case

from openapi.choices import is_choice
from openapi.nodes import PREFIX, Json, Node, is_array, is_object, merged, objects_of, places_of, transformed
from openapi.normal import NARROWING, NULL, PLACE, allows_null, bare, with_null, with_plain_null, without_null
from openapi.problems import action
from openapi.suggestions import naming, renaming, taken, valid_name

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN = frozenset({"Any", "Call", "ClassVar", "File", "Model", "OpenEnum", "Secret", "Sequence", "Unset"})
"""Names that the modules of models import."""


def unnamed(document: Node) -> Iterator[str]:
    """Yield a problem for each object or enum without a name, since the generator would invent one."""
    composed: tuple[str, ...] = ()
    for pointer, node in places_of(document):
        if _is_composed(node):
            composed += (f"{pointer}/allOf",)
        is_one_of = is_choice(document, node)
        if is_one_of:
            composed += (f"{pointer}/oneOf", f"{pointer}/anyOf")
        is_part = pointer.rpartition("/")[0] in composed
        if (_needs_name(node) or is_one_of) and "title" not in node and not is_part and not _is_component(pointer):
            kind = "enum" if "enum" in node else "object"
            cure = naming(document, pointer, node)
            yield f"{pointer}: an inline {kind} without a name. Give it a title in the overlay:\n{cure}"


def misnamed(document: Node) -> Iterator[str]:
    """Yield a problem for each schema whose name cannot be that of a class, or whose module another one has."""
    modules = dict[str, str]()
    for pointer, node in places_of(document):
        if is_component := _is_component(pointer):
            name = str(node.get("title", pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")))
        else:
            name = str(node.get("title", ""))
        if not name or name == "JsonObject" or (_is_simple(node) if is_component else not _needs_name(node)):
            continue
        first = modules.setdefault(snake_case(name), name)
        if first != name:
            problem = f"{name} and {first} would be one module"
        elif name in TAKEN or not re.fullmatch("[A-Z][A-Za-z0-9]*", name) or ClassName(name, "") != name:
            problem = f"{name!r} is not a valid class name, or one that the client has"
        else:
            continue
        cure = action(pointer, {"title": valid_name(document, name)}, {"title": name} if "title" in node else None)
        yield f"{pointer}: {problem}. Give it another title in the overlay:\n{cure}"


def _is_component(pointer: str) -> bool:
    return pointer.count("/") == PREFIX.count("/") and pointer.startswith(PREFIX.removeprefix("#"))


def _needs_name(node: Node) -> bool:
    return "enum" in node or is_type(node, "object") or "properties" in node or _is_composed(node)


def is_type(node: Node, name: str) -> bool:
    """Return whether a schema has a type, or this type or null."""
    stated = node.get("type")
    return name in stated if is_array(stated) else name == stated


def _is_composed(node: Node) -> bool:
    return len(node.get("allOf", [])) > 1 or any("$ref" not in part for part in node.get("allOf", []))


def inline_simple_components(document: Node) -> None:
    """Inline component schemas that need no class: aliases, plain values, and maps."""
    schemas: dict[str, Node] = document["components"]["schemas"]
    simple = {f"{PREFIX}{name}": _placed(schema) for name, schema in schemas.items() if _is_simple(schema)}

    def inline(node: Node) -> Json:
        while isinstance(node.get("$ref"), str) and node["$ref"] in simple:
            node = {**simple[node["$ref"]], **{key: value for key, value in node.items() if key != "$ref"}}
        return with_plain_null(node)

    for part in ("components", "paths"):
        document[part] = transformed(document[part], inline, is_map=part == "paths")
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {
        name: each for name, each in schemas.items() if f"{PREFIX}{name}" not in simple
    }


def _is_simple(schema: Node) -> bool:
    return (
        "$ref" in schema
        or (not _needs_name(schema) and "oneOf" not in schema and "anyOf" not in schema)
        or _is_map(schema)
    )


def _is_map(schema: Node) -> bool:
    return is_type(schema, "object") and not schema.get("properties") and "allOf" not in schema


def _placed(schema: Node) -> Node:
    """Return a map as a plain dict, whatever its values are."""
    return {**schema, "title": "JsonObject"} if _is_map(schema) else schema


def rename_components(document: Node) -> Iterator[str]:
    """Rename a component schema to its title, and update all references."""
    schemas: dict[str, Node] = document["components"]["schemas"]
    names = {old: str(schema.pop("title", old)) for old, schema in schemas.items()}
    for new in sorted(set(names.values())):
        if len(olds := [old for old in names if names[old] == new]) > 1:
            yield f"{' and '.join(olds)}: one title, {new}, for component schemas. Give each a title of its own."
    document["components"]["schemas"] = {names[old]: schema for old, schema in schemas.items()}
    for node in objects_of(document):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(PREFIX):
            node["$ref"] = PREFIX + names.get(reference.removeprefix(PREFIX), reference.removeprefix(PREFIX))


def cures_of(document: Node) -> dict[str, str]:
    """Return, for each title, actions that rename the places that have it."""
    cures, names = dict[str, list[str]](), taken(document)
    for pointer, node in places_of(document):
        if isinstance(node.get("title"), str) and pointer.startswith(("/paths", "/components")):
            cures.setdefault(node["title"], []).append(renaming(document, names, pointer, node))
    return {title: "\n".join(["Rename those of one shape:", *actions]) for title, actions in cures.items()}


def hoist_titles(document: Node, cures: dict[str, str]) -> Iterator[str]:
    """Move every titled inline schema to a component of that name, and leave a reference.

    Args:
        document: The document, which is changed.
        cures: What to do if a title names two shapes.
    """
    components: dict[str, Json] = document["components"]
    published, found = set(components["schemas"]), list[tuple[str, Node]]()

    def hoist(node: Node) -> Json:
        if not _needs_name(node) or "title" not in node:
            return node
        found.append((str(node["title"]), _body(node)))
        return _reference(str(node["title"]), node)

    for part in ("schemas", *(part for part in components if part != "schemas")):
        components[part] = transformed(components[part], hoist, is_map=True)
    document["paths"] = transformed(document["paths"], hoist, is_map=True)
    for title, body in found:
        for difference in _add_component(components["schemas"], title, body, is_published=title in published):
            yield f"{title} names two shapes: {difference}. {cures[title]}"
    components["schemas"] = dict(sorted(components["schemas"].items()))


def _body(node: Node) -> Node:
    if node["title"] == "JsonObject":  # the one name for any object
        return {"type": "object"}
    # The reference allows null.
    body = {key: value for key, value in without_null(node).items() if key not in PLACE - {"description"}}
    if "enum" in body:
        body.pop("description", None)  # it describes the use, such as "direction of the last message"
    return body


def _reference(title: str, node: Node) -> Node:
    reference = {"$ref": PREFIX + title}
    kept = ("description", "default", "example", "deprecated", "x-beyond")
    place: Node = {key: node[key] for key in kept if key in node}
    if allows_null(node):
        return {"anyOf": [reference, NULL], **place}
    return {"allOf": [reference], **place} if place else reference


def _add_component(schemas: dict[str, Node], title: str, body: Node, *, is_published: bool) -> Iterator[str]:
    if title not in schemas:
        schemas[title] = body
        return
    yield from unite(schemas[title], body)
    if not is_published and schemas[title].get("description") != body.get("description"):
        schemas[title].pop("description", None)


def unite(known: Node, other: Node) -> Iterator[str]:
    """Merge two schemas with one title: values and properties are merged; yield any other difference."""
    for key in sorted((known.keys() | other.keys()) - PLACE):
        one, two = known.get(key), other.get(key)
        if one == two:
            continue
        if key == "enum" and one and two:
            known[key] = merged(one, two)
        elif key == "properties":
            known[key] = one or {}
            yield from unite_properties(known[key], two or {})
        elif key == "required":
            _require_what_both_do(known, one or [], two or [])
        else:
            yield f"{key} is {one!r} and {two!r}"


def _require_what_both_do(known: Node, one: list[str], two: list[str]) -> None:
    known["required"] = [field for field in one if field in two]
    if not known["required"]:
        del known["required"]


def unite_properties(known: dict[str, Node], other: dict[str, Node]) -> Iterator[str]:
    """Merge the properties of a schema into those of another; yield each field that has two types."""
    for field, schema in other.items():
        one, two = bare(known.get(field, schema)), bare(schema)
        if one != two:
            yield f"{field} is {one} and {two}"
        known.setdefault(field, schema)
        if allows_null(schema):
            known[field] = with_null(known[field])


def flatten_components(document: Node) -> Iterator[str]:
    """Turn a component composed of others (allOf) into one plain object, so that it becomes one class."""
    schemas: dict[str, Node] = document["components"]["schemas"]
    for name in schemas:
        yield from _flatten(schemas, name)


def _flatten(schemas: dict[str, Node], name: str) -> Iterator[str]:
    schema = schemas[name]
    for part in schema.pop("allOf", []):
        whole = part
        if "$ref" in part:
            yield from _flatten(schemas, part["$ref"].removeprefix(PREFIX))  # it may be a composition as well
            whole = schemas[part["$ref"].removeprefix(PREFIX)]
        only_narrows = whole.keys() <= NARROWING and whole.get("type", "object") == "object"
        fields: Json = {} if only_narrows else whole.get("properties")
        if not is_object(fields):
            yield f"{name}: composed (allOf) of {part}, which is not an object. Correct it in the overlay."
            continue
        schema["type"] = "object"
        for difference in unite_properties(schema.setdefault("properties", {}), fields):
            yield f"{PREFIX[1:]}{name}: its parts (allOf) differ: {difference}. Correct one of them in the overlay."
        if required := merged(schema.get("required", []), whole.get("required", [])):
            schema["required"] = required
