"""Normalize OpenAPI 3.0 and 3.1 to one form of 3.1, in which equivalent schemas are equal."""

from __future__ import annotations

from openapi.nodes import Json, Node, is_array, is_object, merged, resolved, transformed

# Keywords that describe the use of a type, not the type.
PLACE = frozenset({"title", "description", "example", "examples", "default", "deprecated", "x-beyond"})
# Keywords that only restrict a type.
NARROWING = PLACE | {"required", "type"}
NULL = {"type": "null"}


def normalized(document: Node) -> Node:
    """Return a copy of a 3.0 or 3.1 document with every schema in the form of 3.1."""
    plain: Node = transformed(document, modern)
    plain.pop("jsonSchemaDialect", None)
    return {**plain, "openapi": "3.1.0"}


def modern(node: Node) -> Node:
    """Return an object of a document in the form of 3.1 that the rest of the build reads."""
    schema = _values_and_types(dict(node))
    if is_object(schema.get("content")):
        schema["content"] = _without_charset(schema["content"])
    for bound in ("Minimum", "Maximum"):
        if schema.get(f"exclusive{bound}") is True and bound.lower() in schema:
            schema[f"exclusive{bound}"] = schema.pop(bound.lower())
        elif isinstance(schema.get(f"exclusive{bound}"), bool):
            del schema[f"exclusive{bound}"]
    if len(schema.get("allOf", [])) > 1:
        schema = _with_words(schema)
    for choice in ("oneOf", "anyOf"):
        if is_array(schema.get(choice)) and NULL in schema[choice]:
            choices = [each for each in schema.pop(choice) if each != NULL]
            return _any_or_null(schema, choices)
    if "nullable" in schema and not is_object(schema["nullable"]):
        return with_null(schema) if schema.pop("nullable") else schema
    return schema


def _without_charset(content: Node) -> Node:
    """Return content by type alone: `application/json; charset=utf-8` is JSON."""
    plain = {kind.partition(";")[0].strip().lower(): media for kind, media in content.items()}
    return plain if len(plain) == len(content) else content


def _values_and_types(schema: Node) -> Node:
    if is_array(schema.get("examples")) and len(schema["examples"]) == 1 and "example" not in schema:
        schema["example"] = schema.pop("examples")[0]
    if "const" in schema and "enum" not in schema:
        schema["enum"] = [schema.pop("const")]
    if schema.get("enum") == [None]:
        return {**{key: schema[key] for key in schema if key in PLACE}, **NULL}
    if is_array(schema.get("type")) and len(schema["type"]) == 1:
        schema["type"] = schema["type"][0]
    if schema.get("type") == "array":
        schema.setdefault("items", {})
    if "$ref" in schema and "properties" in schema:  # 3.1 adds fields to those of the reference
        parts = [{"$ref": schema.pop("$ref")}, {key: schema.pop(key) for key in list(schema) if key not in PLACE}]
        schema["allOf"] = parts
    return schema


def _with_words(schema: Node) -> Node:
    """Move the description out of a part (allOf) that has nothing else."""
    words = [part for part in schema["allOf"] if is_object(part) and part and part.keys() <= PLACE]
    parts = [part for part in schema["allOf"] if part not in words]
    moved: Node = {key: value for part in words for key, value in part.items()}
    return {**moved, **schema, "allOf": parts} if words and parts else schema


def with_null(node: Node) -> Node:
    """Return a schema that also allows null."""
    schema = dict(node)
    if allows_null(schema):
        return schema
    if "enum" in schema:
        schema["enum"] = merged(schema["enum"], [None])
    if "type" in schema:
        types = schema["type"] if is_array(schema["type"]) else [schema["type"]]
        return {**schema, "type": [*types, "null"]}
    if len(schema.get("allOf", [])) > 1:  # composed of several objects: it stays one type
        return {**schema, "type": ["object", "null"]}
    choices = schema.pop("anyOf", None) or schema.pop("oneOf", None) or schema.pop("allOf", None)
    return _any_or_null(schema, choices)


def _any_or_null(schema: Node, choices: list[Json] | None) -> Node:
    place = {key: schema.pop(key) for key in list(schema) if key in PLACE}
    if choices is None:
        return {"anyOf": [schema, NULL], **place}
    return with_plain_null({**schema, "anyOf": [*choices, NULL], **place})


def with_plain_null(node: Node) -> Node:
    """Return the choice of one type or null as a type that also allows null."""
    choices = node.get("anyOf", [])
    others = [each for each in choices if each != NULL]
    if len(others) != 1 or len(choices) == 1:
        return node
    choice = others[0]
    if not is_object(choice) or choice.get("type", "object") == "object":
        return node
    return with_null({**choice, **{key: value for key, value in node.items() if key != "anyOf"}})


def allows_null(node: Node) -> bool:
    """Return whether a schema itself allows null."""
    return (is_array(node.get("type")) and "null" in node["type"]) or NULL in node.get("anyOf", [])


def without_null(node: Node) -> Node:
    """Return what a schema allows besides null."""
    schema = dict(node)
    if is_array(schema.get("type")):
        types = [each for each in schema["type"] if each != "null"]
        schema["type"] = types[0] if len(types) == 1 else types
    if is_array(schema.get("enum")):
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if NULL in schema.get("anyOf", []):
        choices = [each for each in schema.pop("anyOf") if each != NULL]
        schema = {**choices[0], **schema} if len(choices) == 1 else {**schema, "anyOf": choices}
    return schema


def bare(node: Node) -> Node:
    """Return the type of a schema, without null and without keywords that describe its use."""
    schema = {key: value for key, value in without_null(node).items() if key not in PLACE}
    if list(schema) == ["allOf"] and len(schema["allOf"]) == 1:
        return bare(schema["allOf"][0])
    return schema


def followed(document: Node, node: Json) -> Node:
    """Return the final target of a reference, even if it is wrapped to describe it or to allow null."""
    while is_object(node):
        if "$ref" in node:
            node = resolved(document, node["$ref"])
        elif "type" not in node and len(choices := [each for each in _choices(node) if each != NULL]) == 1:
            node = choices[0]
        else:
            return node
    return {}


def _choices(node: Node) -> list[Json]:
    return [*node.get("allOf", []), *node.get("anyOf", []), *node.get("oneOf", [])]
