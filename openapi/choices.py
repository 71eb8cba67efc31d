"""Turn alternatives (`oneOf`, `anyOf`) of objects into one object, with the fields of each.

A response has the fields of one alternative; the other fields are None. Where the alternatives disagree about a
field, they are left as they are, and `shapes.py` reports them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from openapi.nodes import PREFIX, Json, Node, is_object, merged, objects_of, transformed
from openapi.normal import NULL, PLACE, allows_null, bare, followed, with_null, without_null

if TYPE_CHECKING:
    from collections.abc import Iterator

Fields = dict[str, list[Node]]
"""The schemas that alternatives give to each field."""


def united(document: Node) -> Node:
    """Return the document with one object instead of alternative objects, and without components that only they use."""
    result: Node = transformed(document, partial(_united, document))
    parts = {each["$ref"] for node in objects_of(document) for each in parts_of(node) if "$ref" in each}
    used = {node.get("$ref") for node in objects_of(result)}
    schemas = result["components"]["schemas"]
    result["components"]["schemas"] = {
        name: schema for name, schema in schemas.items() if PREFIX + name not in parts - used
    }
    return result


def parts_of(node: Node) -> list[Node]:
    """Return the alternatives of a schema, without null."""
    return [each for key in ("oneOf", "anyOf") for each in node.get(key, []) if is_object(each) and each != NULL]


def is_choice(document: Node, node: Node) -> bool:
    """Return whether a schema is a choice of objects that can be merged."""
    return is_choice_of_objects(document, node) and None not in (
        _field(each) for each in fields_of(document, node)[0].values()
    )


def is_choice_of_objects(document: Node, node: Node) -> bool:
    """Return whether a schema is a choice of objects with fields."""
    parts = parts_of(node)
    return len(parts) > 1 and all(_has_fields(document, each) for each in parts)


def _has_fields(document: Node, schema: Node) -> bool:
    found = without_null(followed(document, schema))
    return "properties" in found or "allOf" in found or is_choice_of_objects(document, found)


def fields_of(document: Node, schema: Node, seen: tuple[Node, ...] = ()) -> tuple[Fields, list[str]]:
    """Return the fields of an object, its parts and its alternatives, and the required ones."""
    target = followed(document, schema)
    if any(each is target for each in seen):  # an alternative may extend the schema that lists it
        return {}, []
    whole, seen = without_null(target), (*seen, target)
    fields: Fields = {name: [each] for name, each in whole.get("properties", {}).items()}
    required: list[str] = list(whole.get("required", []))
    for part in whole.get("allOf", []):
        more, needed = fields_of(document, part, seen)
        _add(fields, more)
        required = merged(required, needed)
    alternatives = [fields_of(document, part, seen) for part in parts_of(whole)]
    for more, _ in alternatives:
        _add(fields, more)
    always = [name for name in fields if alternatives and all(name in needed for _, needed in alternatives)]
    return fields, merged(required, always)


def _add(fields: Fields, more: Fields) -> None:
    for name, schemas in more.items():
        fields[name] = [*fields.get(name, []), *schemas]


def _field(schemas: list[Node]) -> Node | None:
    """Return one schema for a field, or None if its alternatives have nothing in common."""
    first, *others = schemas
    if any(bare(each) != bare(first) for each in others):
        if not all(map(_is_text, schemas)):
            return None
        if all("enum" in each for each in schemas):
            values = [value for each in schemas for value in each["enum"]]
            first = {**first, "enum": list(dict.fromkeys(values))}
        else:
            first = {key: value for key, value in first.items() if key in PLACE - {"title"}} | {"type": "string"}
            if any("x-secret" in each for each in schemas):
                first["x-secret"] = True
    return with_null(first) if any(map(allows_null, schemas)) else first


def _is_text(schema: Node) -> bool:
    return without_null(schema).get("type") == "string" and "x-time" not in schema and schema.get("format") != "binary"


def _united(document: Node, node: Node) -> Json:
    if not is_choice(document, node):
        return node
    fields, required = fields_of(document, node)
    others = {key: value for key, value in node.items() if key not in ("oneOf", "anyOf", "discriminator", "allOf")}
    one = {name: _field(schemas) for name, schemas in fields.items()}
    schema = {
        **others,
        "type": "object",
        "description": " ".join([*_stated(node), *_told(document, node)]),
        "properties": transformed(one, partial(_united, document), is_map=True),
        **({"required": required} if required else {}),
    }
    return with_null(schema) if allows_null(node) else schema


def _stated(node: Node) -> list[str]:
    text = str(node.get("description") or "").strip()
    return [text if text.endswith((".", "!", "?")) else f"{text}."] if text else []


def _told(document: Node, node: Node) -> Iterator[str]:
    """Describe the alternatives: the fields that only one of them has, and the field that distinguishes them."""
    parts = [fields_of(document, part)[0] for part in parts_of(node)]
    shapes = list[str]()
    for number, part in enumerate(parts_of(node)):
        others = {name for other, fields in enumerate(parts) if other != number for name in fields}
        own = ", ".join(f"`{name}`" for name in parts[number] if name not in others)
        name = str(part.get("title") or part.get("$ref", f"#/shape {number + 1}").rpartition("/")[2])
        shapes.append(f"{name} ({own})" if own else name)
    by = node.get("discriminator", {}).get("propertyName")
    distinction = f", told apart by `{by}`" if by else ""
    yield f"One of several shapes{distinction}: {', '.join(shapes[:-1])} or {shapes[-1]}."
