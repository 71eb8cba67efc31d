"""The built document: its operations, and the validation of values with jsonschema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
from jsonschema_rs import Draft202012Validator, Registry

BUILT: Final = Path(__file__).resolve().parents[2] / "sandbox" / "blooio_sandbox" / "openapi.json"
DOCUMENT: Final[Mapping[str, Any]] = json.loads(BUILT.read_bytes())
URI: Final = "urn:contract"
VERBS: Final = ("get", "put", "post", "patch", "delete")
_REGISTRY: Final = Registry([(URI, {"$schema": "https://json-schema.org/draft/2020-12/schema", **DOCUMENT})])


@attrs.frozen
class Operation:
    """One operation of the document."""

    id: str
    method: str
    template: str
    parameters: Mapping[str, Mapping[str, Any]]
    """The parameters by place, and then by name: their definitions."""
    content: Mapping[str, Any]
    """The schema of the body by content type; empty without a body."""
    responses: Mapping[int, Any]
    """The schema of each documented response by status; None if it has no body."""

    @property
    def body_fields(self) -> frozenset[str]:
        """The documented fields of the body."""
        return frozenset(name for schema in self.content.values() for name in resolved(schema)["properties"])

    @property
    def required_fields(self) -> frozenset[str]:
        """The required fields of the body."""
        return frozenset(name for schema in self.content.values() for name in resolved(schema).get("required", []))


def resolved(schema: Any) -> Any:
    """Follow references, and unwrap schemas that only add null or a description."""
    if "$ref" in schema:
        return resolved(_at(schema["$ref"]))
    for wrapper in ("allOf", "anyOf", "oneOf"):
        if wrapper in schema:
            return resolved(schema[wrapper][0])
    return schema


def name_of(schema: Any) -> str | None:
    """Return the name of a schema, even if it is wrapped or nullable."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    wrapped: Any = schema.get("allOf") or schema.get("anyOf")
    return name_of(wrapped[0]) if wrapped else None


def takes_null(schema: Any) -> bool:
    """Return whether null is a documented value."""
    return {"type": "null"} in schema.get("anyOf", []) or "null" in resolved(schema).get("type", "")


def violations(schema: Any, value: Any) -> list[str]:
    """Return the validator's messages about a value."""
    return [f"{error.instance_path}: {error.message}" for error in _validator(json.dumps(schema)).iter_errors(value)]


@cache
def _validator(schema: str) -> Draft202012Validator:
    absolute = json.loads(schema.replace('"$ref": "#', f'"$ref": "{URI}#'))
    return Draft202012Validator(absolute, registry=_REGISTRY, validate_formats=True)


def _at(reference: str) -> Any:
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _followed(item: Any) -> Any:
    return _at(item["$ref"]) if "$ref" in item else item


def _operation(template: str, verb: str, shared: list[Any], item: Any) -> Operation:
    listed = [_followed(parameter) for parameter in [*shared, *item.get("parameters", [])]]
    return Operation(
        id=item["operationId"],
        method=verb.upper(),
        template=template,
        parameters={
            place: {each["name"]: each for each in listed if each["in"] == place}
            for place in ("path", "query", "header")
        },
        content={kind: each["schema"] for kind, each in item.get("requestBody", {}).get("content", {}).items()},
        responses={
            int(status): _followed(response).get("content", {}).get("application/json", {}).get("schema")
            for status, response in item["responses"].items()
        },
    )


OPERATIONS: Final[Mapping[str, Operation]] = {
    item[verb]["operationId"]: _operation(template, verb, item.get("parameters", []), item[verb])
    for template, item in DOCUMENT["paths"].items()
    for verb in VERBS
    if verb in item
}
