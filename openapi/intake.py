"""Parse a download as an OpenAPI document, or reject it with the reason."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from openapi.nodes import MAPS, METHODS, Json, Node, escaped, is_array, is_object, places_of
from openapi.problems import BuildError, raise_if_any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

AGAIN = "Download the document again."
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is installed: it takes a tenth of the time."""
NAMES = {dict: "an object", list: "a list", str: "text", bool: "a boolean"}
SHAPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("properties", "responses", "content", "schemas", "requestBody", "components"), (dict,)),
    **dict.fromkeys(("allOf", "oneOf", "anyOf", "enum"), (list,)),
    "$ref": (str,),
    "type": (str, list),
    "items": (dict, bool),
    "schema": (dict, bool),
    "parameters": (list, dict),
}
OPERATION = re.compile("/paths/[^/]+/[^/]+")


def read_document(content: bytes) -> Node:
    """Read an OpenAPI 3.0 or 3.1 document from JSON or YAML, in UTF-8, UTF-16 or UTF-32, with or without a BOM.

    Raises:
        BuildError: It cannot be read, or is something else.
    """
    try:
        document = _parsed(_text(content))
    except RecursionError:
        raise BuildError(["the file is nested too deeply for a document. " + AGAIN]) from None
    raise_if_any(_wrong(document))
    return document  # type: ignore[no-any-return]


def read_overlay(text: str) -> Node:
    """Read an overlay."""
    overlay: Node = yaml.load(text, LOADER)  # noqa: S506 - both loaders are safe
    return overlay


def _text(content: bytes) -> str:
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BuildError([f"byte {error.start} is not {encoding}. {AGAIN}"]) from None
    if not text.strip():
        raise BuildError(["the file is empty. " + AGAIN])
    if text.lstrip().startswith("<"):
        raise BuildError(
            ["the file is a web page (HTML or XML), perhaps a login. Give the URL of the document itself."]
        )
    return text


def _parsed(text: str) -> Json:
    if text.lstrip()[0] in "{[":
        try:
            return json.loads(text, object_pairs_hook=_without_repeats)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise BuildError([f"the file is not JSON, or is cut off: {error.msg} at {place}. {AGAIN}"]) from None
    try:
        return json.loads(json.dumps(yaml.load(text, _Loader)))  # noqa: S506 - a SafeLoader; no node is shared
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        place = f" at line {where.line + 1}, column {where.column + 1}" if where else ""
        raise BuildError([f"the file is neither JSON nor YAML: {error.problem}{place}. {AGAIN}"]) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise BuildError([f"the file is neither JSON nor YAML: {error}. {AGAIN}"]) from None


def _without_repeats(pairs: list[tuple[str, Json]]) -> Node:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        cure = "Ask the publisher which one counts, and remove the other from a copy of the file."
        raise BuildError(f"one object has the key {name!r} twice, and one would be lost. {cure}" for name in repeated)
    return result


class _Loader(yaml.SafeLoader):
    """YAML without dates, which JSON does not have, and without repeated keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as in the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        self.flatten_mapping(node)
        construct: Any = getattr(self, "construct_object")  # noqa: B009 - it is not fully typed
        return _without_repeats(
            [(str(construct(key, deep=True)), construct(value, deep=deep)) for key, value in node.value]
        )  # type: ignore[return-value]


def _wrong(document: Json) -> Iterator[str]:
    if not is_object(document):
        yield "the file is not an OpenAPI document: it has no object at its root. " + AGAIN
        return
    version = document.get("openapi")
    if "swagger" in document:
        yield "/swagger: Swagger 2.0 is not supported. Convert the document to OpenAPI 3 (swagger2openapi)."
    elif not isinstance(version, str) or not re.fullmatch(r"3\.[01](\.\d+)?", version):
        yield f"/openapi: {version!r} is not supported. Use an OpenAPI 3.0 or 3.1 document."
    info = document.get("info")
    if not is_object(info) or not isinstance(info.get("version"), str):
        yield "/info/version: the version is missing or not a string. " + AGAIN
    if not is_object(document.get("paths")) or not document["paths"]:
        yield "/paths: there are no operations. " + AGAIN
    components = document.get("components")
    if not is_object(components) or not is_object(components.get("schemas")):
        yield "/components/schemas: there are no schemas for the operations. " + AGAIN
    for pointer, what, value in _misshapen(document):
        yield f"{pointer}: must be {what}, not {json.dumps(value)[:40]}. Correct it in a copy of the file."
    if halves := re.findall(".{,20}[\ud800-\udfff]", json.dumps(document, ensure_ascii=False)):
        text = halves[0][:-1]
        yield f"half of a character (a lone surrogate) follows {text!r}. Correct it in a copy of the file."


def _misshapen(document: Node) -> Iterator[tuple[str, str, Json]]:
    """Yield each keyword that has another type of value than everything that reads it expects."""
    for pointer, node in places_of(document):
        for key, value in node.items():
            place = f"{pointer}/{escaped(key)}"
            if key in SHAPES and not isinstance(value, SHAPES[key]):
                yield place, " or ".join(NAMES[shape] for shape in SHAPES[key]), value
            elif key == "required" and not is_array(value) and not {"in", "content", "$ref"} & node.keys():
                yield place, "a list of fields", value
            elif key in METHODS and OPERATION.fullmatch(place) and not is_object(value):
                yield place, "an object", value
            elif key in MAPS - {"paths"} and is_object(value):
                entries = [(name, each) for name, each in value.items() if not name.startswith("x-")]
                yield from (
                    (f"{place}/{escaped(name)}", "an object", each)
                    for name, each in entries
                    if not isinstance(each, dict | bool)
                )
