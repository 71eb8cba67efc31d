"""The OpenAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT_URI: str = "urn:blooio:v2"
_METHODS = ("get", "put", "post", "patch", "delete")
_MAX_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Operation:
    """One operation: its path, parameters and body."""

    id: str
    method: str
    segments: tuple[str, ...]
    query: Mapping[str, Mapping[str, Any]]
    content_type: str | None
    body_schema: str | None
    body_required: bool

    @property
    def path(self) -> str:
        """The path template, as in the document."""
        return "/" + "/".join(self.segments)


@cache
def load_document() -> dict[str, Any]:
    """Return the document, with explicit limits for 64-bit integers."""
    text = files("blooio_sandbox").joinpath("openapi.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text, object_hook=_with_integer_limits)
    return document


@cache
def load_operations() -> tuple[Operation, ...]:
    """Return every operation; literal paths come before paths with ids."""
    operations = [
        _read_operation(path, method, item[method], item.get("parameters", []))
        for path, item in load_document()["paths"].items()
        for method in _METHODS
        if method in item
    ]
    return tuple(sorted(operations, key=lambda operation: [is_id(segment) for segment in operation.segments]))


def is_id(segment: str) -> bool:
    """Return whether a segment of a path template is an id."""
    return segment.startswith("{")


def _read_operation(path: str, method: str, item: dict[str, Any], shared: list[dict[str, Any]]) -> Operation:
    body = item.get("requestBody", {})
    content: dict[str, Any] = body.get("content", {})
    content_type = next(iter(content), None)
    return Operation(
        id=item["operationId"],
        method=method.upper(),
        segments=tuple(path.strip("/").split("/")),
        query=_query_parameters([*shared, *item.get("parameters", [])]),
        content_type=content_type,
        body_schema=content[content_type]["schema"]["$ref"] if content_type else None,
        body_required=body.get("required", False),
    )


def _query_parameters(parameters: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = (_follow(parameter) for parameter in parameters)
    return {parameter["name"]: parameter for parameter in found if parameter["in"] == "query"}


def _follow(item: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in item:
        return item
    parameter: dict[str, Any] = load_document()["components"]["parameters"][item["$ref"].rpartition("/")[2]]
    return parameter


def _with_integer_limits(item: dict[str, Any]) -> dict[str, Any]:
    # SQLite integers have 64 bits; JSON integers have no limit.
    kinds = item.get("type")
    if kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds):
        return {"minimum": -_MAX_INTEGER, "maximum": _MAX_INTEGER, **item}
    return item
