"""Rewrite shapes into others that the templates support."""

from __future__ import annotations

from openapi.names import is_type
from openapi.nodes import METHODS, Json, Node, is_array, is_object
from openapi.normal import NARROWING, followed, without_null

JSON = "application/json"
FORM = "multipart/form-data"


def simplified(node: Node) -> Json:
    """Return a schema in a form that the templates support: some formats and enums of numbers become plain values."""
    schema = dict(node)
    if schema.get("format") in ("date", "uuid"):  # a server may add values; a string is kept as received
        form = schema.pop("format")
        schema["description"] = (
            f"{schema.get('description') or 'As it came'} ({'YYYY-MM-DD' if form == 'date' else 'a UUID'})"
        )
    if is_array(schema.get("enum")) and any(isinstance(value, int | float) for value in schema["enum"]):
        values = ", ".join(str(value) for value in schema.pop("enum") if value is not None)
        schema.pop("title", None)
        schema["description"] = f"{schema.get('description') or 'A number'} (one of {values})"
    if {"in", "schema"} <= schema.keys():  # None is an absent parameter, never null
        schema["schema"] = without_null(schema["schema"])
    if schema.get("x-time") == "none" and schema.get("format") == "date-time":
        del schema["format"]  # the templates read this format as a time
    for mark, off in (("x-time", "none"), ("x-secret", False)):
        if schema.get(mark) == off:
            del schema[mark]
    return schema


def flattened(document: Node, node: Node) -> Json:
    """Return an operation or a path with parameters that the templates support: one value each.

    An object in the query (deepObject) becomes one parameter per field, and a comma-separated list becomes text.
    """
    if not is_array(node.get("parameters")):
        return node
    parts = [written(document, each) for each in node["parameters"]]  # further ones go to the end, so that none moves
    return {**node, "parameters": [*(each[0] for each in parts), *(one for each in parts for one in each[1:])]}


def written(document: Node, stated: Node) -> list[Node]:
    """Return the parameters that replace one."""
    parameter = followed(document, stated)
    schema = followed(document, parameter.get("schema"))
    if parameter.get("style") == "deepObject" and schema.get("properties"):
        needed: list[str] = schema.get("required", []) if parameter.get("required") else []
        return [
            {
                "name": f"{parameter['name']}[{name}]",
                "in": "query",
                "required": name in needed,
                "description": field.get("description") or f"The {name} of {parameter['name']}",
                "schema": field,
            }
            for name, field in schema["properties"].items()
        ]
    is_joined = parameter.get("in") != "query" or parameter.get("explode") is False
    if is_type(schema, "array") and is_joined and parameter.get("style", "form") in ("form", "simple"):
        words = f"{parameter.get('description') or parameter['name']}. Several are separated by commas"
        others = {key: value for key, value in parameter.items() if key not in ("explode", "style")}
        return [{**others, "description": words, "schema": {"type": "string"}}]
    return [stated]


def sent_kinds(content: Node) -> list[str]:
    """Return the content types of a body that can be sent."""
    return [kind for kind in (JSON, FORM) if kind in content]


def sendable(document: Node, node: Node) -> Json:
    """Return an operation whose body only has content types that can be sent; the others are equivalent."""
    body = followed(document, node.get("requestBody"))
    content = body.get("content", {})
    kinds = sent_kinds(content)
    if not kinds or len(kinds) == len(content):
        return node
    return {**node, "requestBody": {**body, "content": {kind: content[kind] for kind in kinds}}}


def marked_deprecated(node: Node) -> Json:
    """Return an operation marked as deprecated if its description says so."""
    if node.get("deprecated") is not True or "responses" not in node:
        return node
    said = str(node.get("description") or "").strip()
    return {**node, "description": f"{said}\n\nDeprecated: Blooio may remove this operation.".strip()}


def with_own_servers(document: Node, node: Node) -> Json:
    """Return a path whose operations name their own server, if any, in their description."""
    changed = dict(node)
    for method in METHODS:
        operation = node.get(method)
        if is_object(operation) and "responses" in operation:
            servers = operation.get("servers", node.get("servers"))
            if servers and servers != document.get("servers"):
                where = f"Own server: {servers[0]['url'].rstrip('/')} (unless you set `base_url`)."
                said = str(operation.get("description") or "")
                changed[method] = {**operation, "description": f"{said}\n\n{where}".strip()}
    return changed


def readable(node: Node) -> Json:
    """Return the content of a response as one of the types that the generator distinguishes: text, JSON, or a file.

    The range 2XX is written as one status, since the client reads every success in the same way.
    """
    responses = node.get("responses")
    if not is_object(responses):
        return node
    ranges = {"2XX": next(str(each) for each in range(200, 300) if str(each) not in responses)}
    read = {ranges.get(status.upper(), status): _readable(each) for status, each in responses.items()}
    return {**node, "responses": read}


def _readable(response: Json) -> Json:
    content = response.get("content") if is_object(response) else None
    if not is_object(content) or len(content) != 1 or any(_is_known(kind) for kind in content):
        return response
    return {**response, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def _is_known(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("/json", "+json"))


def without_extras(node: Node) -> Node:
    """Return an object without what describes no type.

    These are callbacks, which hand-written code reads, and alternatives that only require other fields.
    """
    extras = {"callbacks"}
    for choice in ("oneOf", "anyOf"):
        if "properties" in node and all(part.keys() <= NARROWING for part in node.get(choice, [])):
            extras.add(choice)
    return {key: value for key, value in node.items() if key not in extras}
