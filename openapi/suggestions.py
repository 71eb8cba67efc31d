"""Suggest names for inline schemas, derived from their places."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName

from openapi.nodes import places_of
from openapi.problems import action

if TYPE_CHECKING:
    from openapi.nodes import Node


def naming(document: Node, pointer: str, node: Node) -> str:
    """Return an action that names an inline schema, ready to paste: an enum after an equal one, others by place."""
    return action(
        pointer, {"title": _like(document, node) or _free(taken(document), _by_place(document, pointer, node))}
    )


def renaming(document: Node, names: set[str], pointer: str, node: Node) -> str:
    """Return an action that gives a schema a title that is not among these names, ready to paste."""
    return action(pointer, {"title": _free(names, _by_place(document, pointer, node))}, {"title": node["title"]})


def valid_name(document: Node, name: str) -> str:
    """Return a name like another one that can be the name of a class."""
    names, words = taken(document), re.findall("[A-Za-z0-9]+", name)
    plain = str(ClassName("".join(word[:1].upper() + word[1:] for word in words) or "Schema", "Schema")).rstrip("_")
    candidates = (each for each in (plain, f"{plain}Model") if ClassName(each, "") == each != name)
    return _free(names, next(candidates))


def taken(document: Node) -> set[str]:
    """Return the names of all schemas."""
    titles = {str(node["title"]) for _, node in places_of(document) if "title" in node}
    return {*document["components"]["schemas"], *titles} - {"JsonObject"}


def _like(document: Node, node: Node) -> str | None:
    """Return the title of an enum with the same values."""
    if "enum" not in node:
        return None
    values = [value for value in node["enum"] if value is not None]
    for _, other in places_of(document):
        if "title" in other and [value for value in other.get("enum", []) if value is not None] == values:
            return str(other["title"])
    return None


def _by_place(document: Node, pointer: str, node: Node) -> str:
    if not any(node.get(key) for key in ("enum", "properties", "allOf", "oneOf", "anyOf")):
        return "JsonObject"
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if steps[0] == "components":
        words, rest = [steps[2]], steps[3:]
    else:
        item = document["paths"][steps[1]]
        operation: Node = item.get(steps[2], {}) if len(steps) > 2 else {}  # noqa: PLR2004 - paths, path, method
        kind = "Request" if "requestBody" in steps else "Response" if "responses" in steps else ""
        words, rest = [str(operation.get("operationId", "")), kind], steps[3:]
    fields = [name for before, name in pairwise(rest) if before == "properties"]
    singular = "items" in rest[-1:] and bool(fields)
    fields = [*fields[:-1], fields[-1].removesuffix("s")] if singular else fields
    return "".join(part for word in [*words, *fields] for part in _words(word))


def _words(text: str) -> list[str]:
    return [word[:1].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", text)]


def _free(names: set[str], name: str) -> str:
    candidates = [name, *(f"{name}{number}" for number in range(2, len(names) + 3))]
    return next(each for each in candidates if each not in names)
