from __future__ import annotations

from typing import Any

import pytest

from openapi.nodes import transformed
from openapi.normal import modern

NULL = {"type": "null"}
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
REFERENCE = {"$ref": "#/components/schemas/A"}


@pytest.mark.parametrize(
    ("nullable", "expected"),
    [
        (TEXT, {"type": ["string", "null"]}),
        (TEXT | {"description": "x"}, {"type": ["string", "null"], "description": "x"}),
        (TEXT | {"enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        (TEXT | {"enum": ["a", None]}, {"type": ["string", "null"], "enum": ["a", None]}),
        (REFERENCE, {"anyOf": [REFERENCE, NULL]}),
        ({"allOf": [REFERENCE], "description": "x"}, {"anyOf": [REFERENCE, NULL], "description": "x"}),
        ({"oneOf": [TEXT, NUMBER]}, {"anyOf": [TEXT, NUMBER, NULL]}),
        ({"anyOf": [TEXT], "x-a": 1}, {"x-a": 1, "type": ["string", "null"]}),
        ({"description": "any"}, {"anyOf": [{}, NULL], "description": "any"}),
    ],
)
def test_nullable(nullable: Any, expected: Any) -> None:
    """A schema that is nullable in 3.0 also allows null in 3.1."""
    assert modern(nullable | {"nullable": True}) == expected


def test_not_nullable() -> None:
    """A schema that is not nullable does not allow null."""
    assert modern(TEXT | {"nullable": False}) == TEXT


EQUAL: list[tuple[Any, Any]] = [
    ({"oneOf": [NULL, TEXT], "description": "x"}, {"type": ["string", "null"], "description": "x"}),
    ({"oneOf": [NULL, REFERENCE]}, {"anyOf": [REFERENCE, NULL]}),
    ({"const": None, "description": "x"}, {"type": "null", "description": "x"}),
    ({"oneOf": [REFERENCE, {"enum": [None]}]}, {"anyOf": [REFERENCE, NULL]}),
    ({"type": "array"}, {"type": "array", "items": {}}),
    ({"allOf": [REFERENCE, {"description": "x"}]}, {"allOf": [REFERENCE], "description": "x"}),
    ({"$ref": "#/b", "properties": {}}, {"allOf": [{"$ref": "#/b"}, {"properties": {}}]}),
    (
        {"content": {"application/json; charset=utf-8": {}, "text/CSV": {}}},
        {"content": {"application/json": {}, "text/csv": {}}},
    ),
    (
        {"content": {"application/json; charset=utf-8": {}, "application/json": {}}},
        {"content": {"application/json; charset=utf-8": {}, "application/json": {}}},
    ),
]


@pytest.mark.parametrize(("schema", "expected"), EQUAL)
def test_equal_schemas(schema: Any, expected: Any) -> None:
    """Equivalent schemas have one form."""
    assert transformed(schema, modern) == expected


def test_everywhere() -> None:
    """Nested schemas are converted too, but a field called nullable and an example are not."""
    inner: Any = {"type": "string", "nullable": True}
    schema: Any = {"properties": {"nullable": inner, "list": {"items": inner}}, "example": inner}

    result = transformed(schema, modern)

    new = {"type": ["string", "null"]}
    assert result == {"properties": {"nullable": new, "list": {"items": new}}, "example": inner}
