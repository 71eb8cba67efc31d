"""The published document and our overlay, made into the strict OpenAPI 3.1 document that everything else reads.

    python openapi/build.py openapi/blooio-v2.json openapi/overlay.yaml OUTPUT

Nothing is dropped in silence: what does not fit stops the build, with the place and the cure.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonpath
import yaml

Json = Any
Schemas = dict[str, dict[str, Json]]

# Keywords that tell of the place where a type is used, not of the type.
PLACE = frozenset({"title", "description", "example", "examples", "default", "nullable"})
# Keywords whose value is data, in which a word such as "title" has no meaning.
DATA = frozenset({"example", "examples", "default", "enum", "const"})
PREFIX = "#/components/schemas/"


class BuildError(Exception):
    """The overlay does not fit the document; the text names the place and the cure."""


def build(document: Json, overlay: Json) -> Json:
    """The strict 3.1 document that a published 3.0 document and an overlay make."""
    result = copy.deepcopy(document)
    apply_overlay(result, overlay)
    rename_components(result)
    hoist_titles(result)
    flatten_components(result)
    refuse_unnamed(result)
    refuse_dangling(result)
    describe_parameters(result)
    result = modernise(result)
    mark_directions(result)
    result["openapi"] = "3.1.0"
    return result


# ---- Overlay 1.0 ----------------------------------------------------------------------------------------------------


def apply_overlay(document: Json, overlay: Json) -> None:
    """Apply every action, and refuse one that matches nothing or changes nothing."""
    for number, action in enumerate(overlay["actions"], 1):
        where = f"overlay action {number}, {action['target']}"
        places = [match.parts for match in jsonpath.finditer(action["target"], document)]
        if not places:
            raise BuildError(f"{where}: matches nothing. Mend its target, or remove the action.")
        # Every one is applied before the verdict: `or` would stop at the first that changes something.
        changed = [_apply_action(document, action, place) for place in reversed(places)]
        if not any(changed):
            raise BuildError(f"{where}: changes nothing, the document says so itself now. Remove the action.")


def _apply_action(document: Json, action: Json, place: tuple[str | int, ...]) -> bool:
    parent = document
    for key in place[:-1]:
        parent = parent[key]
    if action.get("remove"):
        del parent[place[-1]]
        return True
    before = parent[place[-1]]
    parent[place[-1]] = merged(before, action["update"])
    return bool(parent[place[-1]] != before)


def merged(target: Json, update: Json) -> Json:
    """Overlay 1.0, 4.4.3: objects merge, arrays concatenate (here without repeats), anything else is replaced."""
    if isinstance(target, dict) and isinstance(update, dict):
        both = {key: merged(target[key], update[key]) for key in update if key in target}
        return {**target, **copy.deepcopy(update), **both}
    if isinstance(target, list):
        new = update if isinstance(update, list) else [update]
        return target + [item for item in new if item not in target]
    return copy.deepcopy(update)


# ---- Names ----------------------------------------------------------------------------------------------------------


def rename_components(document: Json) -> None:
    """Give a component schema the name that its title says, and lead every reference there."""
    schemas: Schemas = document["components"]["schemas"]
    names = {old: str(schema.pop("title", old)) for old, schema in schemas.items()}
    if len(set(names.values())) < len(names):
        raise BuildError("two component schemas have one title in the overlay. Give each a name of its own.")
    document["components"]["schemas"] = {names[old]: schema for old, schema in schemas.items()}
    for node in objects_of(document):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(PREFIX):
            node["$ref"] = PREFIX + names.get(reference.removeprefix(PREFIX), reference.removeprefix(PREFIX))


def hoist_titles(document: Json) -> None:
    """Make every titled inline schema a component of that name, and a reference where it was."""
    schemas: Schemas = document["components"]["schemas"]
    named = set(schemas)

    def visit(node: Json, is_component: bool = False) -> Json:
        if isinstance(node, list):
            return [visit(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: value if key in DATA else visit(value) for key, value in node.items()}
        title = node.get("title")
        if is_component or not isinstance(title, str):
            return node
        _add_component(schemas, title, node, is_published=title in named)
        return _reference(title, node)

    for name in list(schemas):
        schemas[name] = visit(schemas[name], is_component=True)
    document["paths"] = visit(document["paths"])
    document["components"]["parameters"] = visit(document["components"].get("parameters", {}))
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _add_component(schemas: Schemas, title: str, node: dict[str, Json], *, is_published: bool) -> None:
    body = {key: value for key, value in node.items() if key not in PLACE - {"description"}}
    if "enum" in body:
        body.pop("description", None)  # it tells of the place, such as "direction of the last message"
    if title not in schemas:
        schemas[title] = body
        return
    unite(title, schemas[title], body)
    if not is_published and schemas[title].get("description") != body.get("description"):
        schemas[title].pop("description", None)


def _reference(title: str, node: dict[str, Json]) -> dict[str, Json]:
    reference = {"$ref": PREFIX + title}
    place = {key: node[key] for key in ("description", "default", "example") if key in node}
    if node.get("nullable"):
        return {"anyOf": [reference, {"type": "null"}], **place}
    return {"allOf": [reference], **place} if place else reference


def unite(name: str, known: dict[str, Json], other: dict[str, Json]) -> None:
    """Two schemas of one title are one type: values and properties are united, any other difference is refused."""
    for key in sorted((known.keys() | other.keys()) - PLACE):
        one, two = known.get(key), other.get(key)
        if one == two:
            continue
        if key == "enum":
            known[key] = merged(one, two)
        elif key == "properties":
            known[key] = _united_properties(name, one or {}, two or {})
        elif key == "required":
            known[key] = [field for field in one or [] if field in (two or [])]
            if not known[key]:
                del known[key]
        else:
            raise BuildError(f"{name} names two shapes: {key} is {one!r} and {two!r}. Title one of them otherwise.")


def _united_properties(name: str, one: Schemas, two: Schemas) -> Schemas:
    for field in sorted(one.keys() & two.keys()):
        first, second = ({k: v for k, v in fields[field].items() if k not in PLACE} for fields in (one, two))
        if first != second:
            raise BuildError(
                f"{name}.{field} names two shapes: {first} and {second}. Title one {name} otherwise, or correct a field."
            )
    return {**one, **{field: schema for field, schema in two.items() if field not in one}}


def flatten_components(document: Json) -> None:
    """Make a component that is composed of others (allOf) one plain object, so that it is one class."""
    schemas: Schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        parts = [schemas[part["$ref"].removeprefix(PREFIX)] if "$ref" in part else part for part in schema.pop("allOf", [])]
        for part in parts:
            schema["type"] = "object"
            schema["properties"] = _united_properties(name, schema.get("properties", {}), part["properties"])
            if required := merged(schema.get("required", []), part.get("required", [])):
                schema["required"] = required


def refuse_unnamed(document: Json) -> None:
    """Stop at an object or an enum that has no name: the generator would invent one."""
    places = list(_unnamed(document, "", is_named=False))
    if places:
        raise BuildError(
            "these inline schemas have no name. Add an overlay action for each, with a title for an object or an enum:\n  "
            + "\n  ".join(places)
        )


def _unnamed(node: Json, path: str, *, is_named: bool) -> Iterator[str]:
    if isinstance(node, dict):
        is_schema = "enum" in node or node.get("type") == "object" or isinstance(node.get("properties"), dict)
        if is_schema and not is_named and "operationId" not in node and not path.endswith("/properties"):
            yield path
        for key, value in node.items():
            if key not in DATA:
                step = str(key).replace("~", "~0").replace("/", "~1")
                yield from _unnamed(value, f"{path}/{step}", is_named=path == "/components/schemas")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _unnamed(item, f"{path}/{index}", is_named=False)


def refuse_dangling(document: Json) -> None:
    """Stop at a reference that leads nowhere: the generator would drop what holds it."""
    for node in objects_of(document):
        reference = node.get("$ref")
        if isinstance(reference, str) and not jsonpath.JSONPointer(reference.removeprefix("#")).exists(document):
            raise BuildError(f"{reference} leads nowhere. The document lacks it, or the overlay removed it.")


# ---- 3.1, and notes for the templates -------------------------------------------------------------------------------


def describe_parameters(document: Json) -> None:
    """Repeat a parameter's description in its schema, the only place from which the generator takes it."""
    for node in objects_of(document):
        if "in" not in node or "description" not in node:
            continue
        schema, words = node["schema"], node["description"]
        if "x-time" in schema:
            words += ". An aware datetime, or epoch milliseconds"
        if "$ref" in schema or "allOf" in schema:
            reference = schema if "$ref" in schema else schema["allOf"][0]
            schema = {"anyOf": [reference, reference]}  # beside a single reference the generator drops a description
        node["schema"] = {**schema, "description": words}


def modernise(node: Json) -> Json:
    """OpenAPI 3.0's `nullable` as 3.1's null type, which every tool reads in one way."""
    if isinstance(node, list):
        return [modernise(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: value if key in DATA else modernise(value) for key, value in node.items()}
    if node.pop("nullable", False) is not True:
        return node
    if "type" in node:
        return {**node, "type": [node["type"], "null"]}
    return {**node, "anyOf": [*node.pop("allOf", node.pop("anyOf", [])), {"type": "null"}]}


def mark_directions(document: Json) -> None:
    """Mark each component schema as x-sent, x-received or both: what is absent reads as None, and is UNSET in requests."""
    for path in document["paths"].values():
        for operation in path.values():
            _mark(document, operation.get("requestBody", {}), "x-sent")
            _mark(document, operation.get("responses", {}), "x-received")


def _mark(document: Json, node: Json, flag: str) -> None:
    for inner in list(objects_of(node)):
        if "$ref" in inner:
            _, kind, name = inner["$ref"].rsplit("/", 2)
            target = document["components"][kind][name]
            if flag not in target:
                if kind == "schemas":
                    target[flag] = True
                _mark(document, target, flag)


def objects_of(node: Json) -> Iterator[dict[str, Json]]:
    """Every JSON object in a JSON value, itself included; not those inside of examples and defaults."""
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in DATA:
                yield from objects_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from objects_of(item)


def main(arguments: list[str]) -> str | None:
    """Build, and write; what is returned goes to standard error with exit status 1."""
    document, overlay, output = map(Path, arguments)
    try:
        built = build(json.loads(document.read_bytes()), yaml.safe_load(overlay.read_text("utf-8")))
    except BuildError as error:
        return f"{document.name} + {overlay.name}: {error}"
    output.write_text(json.dumps(built, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
