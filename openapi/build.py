"""Build the strict OpenAPI 3.1 document that everything else reads, from the published document and our overlay.

Run `python -m openapi.build openapi/blooio-v2.json openapi/overlay.yaml OUTPUT` from the root of the repository.
Nothing is dropped silently: a problem stops the build, with its location and its fix.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from openapi.choices import united
from openapi.intake import read_document, read_overlay
from openapi.names import (
    cures_of,
    flatten_components,
    hoist_titles,
    inline_simple_components,
    misnamed,
    rename_components,
    unnamed,
)
from openapi.nodes import METHODS, PREFIX, Json, Node, objects_of, resolved, transformed
from openapi.normal import normalized
from openapi.overlay import apply_overlay, unsourced
from openapi.problems import BuildError, raise_if_any
from openapi.rewritten import (
    flattened,
    marked_deprecated,
    readable,
    sendable,
    simplified,
    with_own_servers,
    without_extras,
)
from openapi.shapes import inexpressible
from openapi.structure import circles, inlined, misshapen, nested, operation_ids, references

if TYPE_CHECKING:
    from collections.abc import Iterator


def build(document: Node, overlay: Node, before: Node | None = None) -> Node:
    """Return the strict 3.1 document for a published document (OpenAPI 3.0 or 3.1) and an overlay.

    Raises:
        BuildError: Something does not fit.
    """
    result, problems = apply_overlay(normalized(document), overlay, before and normalized(before))
    problems += unsourced(overlay)
    result = normalized(result)  # a correction may use 3.0 syntax
    loose = [*misshapen(result), *references(result)]
    raise_if_any([*problems, *loose, *unnamed(result)] if loose else [])
    result = dict(transformed(result, without_extras))
    result.pop("webhooks", None)  # hand-written code parses deliveries
    whole = dict(transformed(result, partial(inlined, result)))
    problems += [*operation_ids(result), *circles(whole), *nested(whole), *inexpressible(result)]
    rewriting = (partial(flattened, result), partial(sendable, result), partial(with_own_servers, result))
    for change in (simplified, *rewriting, readable, marked_deprecated):
        result = dict(transformed(result, change))
    raise_if_any([*problems, *unnamed(result), *misnamed(result)])
    result = united(dict(transformed(result, partial(inlined, result))))
    cures = cures_of(result)
    inline_simple_components(result)
    raise_if_any([*rename_components(result), *hoist_titles(result, cures)])
    raise_if_any([*flatten_components(result), *missing_fields(result)])
    describe_parameters(result)
    describe_schemas(result)
    mark_directions(result)
    return result


def missing_fields(document: Node) -> Iterator[str]:
    """Yield a problem for each required field that its schema lacks: every response would be invalid."""
    for name, schema in document["components"]["schemas"].items():
        for field in schema.get("required", []):
            if field not in schema.get("properties", {}):
                yield f"{name}: requires {field}, which is not one of its fields. Correct `required` in the overlay."
        if (identity := schema.get("x-identity")) and identity not in schema.get("properties", {}):
            yield f"{name}: x-identity is {identity}, which is not one of its fields. Correct it in the overlay."


def describe_parameters(document: Node) -> None:
    """Copy each parameter's description into its schema, where the generator looks for it."""
    for node in objects_of(document):
        if not {"in", "schema"} <= node.keys():
            continue
        schema, words = node["schema"], node.get("description") or f"The {node['in']} parameter {node['name']}"
        if "x-time" in schema:
            words += ". An aware datetime, or epoch milliseconds"
        if "$ref" in schema or "allOf" in schema:
            reference = schema if "$ref" in schema else schema["allOf"][0]
            schema = {"anyOf": [reference, reference]}  # the generator drops a description next to a single reference
        node["schema"] = {**schema, "description": words}


def describe_schemas(document: Node) -> None:
    """Describe each schema without a description by its uses."""
    schemas = document["components"]["schemas"]
    for name, use in [*_uses(document), *((name, f"The schema {name} of the document.") for name in schemas)]:
        schemas[name].setdefault("description", use)


def _uses(document: Node) -> Iterator[tuple[str, str]]:
    for operation in (path[method] for path in document["paths"].values() for method in METHODS if method in path):
        said = f"of {operation['operationId']}: {operation.get('summary') or 'without a summary'}."
        yield from ((name, f"Body {said}") for name in _schemas_in(operation.get("requestBody", {})))
        responses = [each for status, each in operation["responses"].items() if status.startswith("2")]
        yield from ((name, f"Response {said}") for name in _schemas_in(responses))
    for owner, schema in document["components"]["schemas"].items():
        for field, inner in schema.get("properties", {}).items():
            yield from ((name, f"The `{field}` of {owner}.") for name in _schemas_in(inner))
    for parameter in (node for node in objects_of(document) if "in" in node and "schema" in node):
        yield from ((name, f"The parameter `{parameter['name']}`.") for name in _schemas_in(parameter["schema"]))


def _schemas_in(node: Json) -> list[str]:
    references = [each["$ref"] for each in objects_of(node) if "$ref" in each]
    return [each.removeprefix(PREFIX) for each in references if each.startswith(PREFIX)]


def mark_directions(document: Node) -> None:
    """Mark each component schema as sent, received or both: absent fields are UNSET in requests, else None."""
    for path in document["paths"].values():
        for method in METHODS:
            operation = path.get(method, {})
            _mark(document, operation.get("requestBody", {}), "x-sent")
            for response in operation.get("responses", {}).values():
                _mark(document, response, "x-received")


def _mark(document: Node, node: Json, flag: str) -> None:
    for inner in list(objects_of(node)):
        if "$ref" in inner:
            target = resolved(document, inner["$ref"])
            if flag not in target:
                if "/schemas/" in inner["$ref"]:
                    target[flag] = True
                _mark(document, target, flag)


def main(arguments: list[str]) -> str | None:
    """Build and write; a returned message goes to stderr with exit status 1."""
    document, overlay, output = map(Path, arguments)
    try:
        built = build(read_document(document.read_bytes()), read_overlay(overlay.read_text("utf-8")))
    except BuildError as error:
        return f"{overlay.name} does not fit {document.name}. To fix:\n- " + "\n- ".join(error.problems)
    built["info"]["x-built-from"] = {
        source.name: sha256(source.read_bytes()).hexdigest() for source in (document, overlay)
    }
    output.write_text(json.dumps(built, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
