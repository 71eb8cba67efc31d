"""Alternatives of objects become one object, without losing a field."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openapi.choices import is_choice, united

TEXT: Any = {"type": "string"}
NUMBER: Any = {"type": "integer"}
SECRET: Any = {"type": "string", "x-secret": True}
TIME: Any = {"type": "string", "x-time": "iso8601"}
KIND: Any = {"type": "string", "enum": ["a"], "title": "Kind"}


def document(one: Any, two: Any, **schemas: Any) -> Any:
    """Return a document with a schema that is one of two objects."""
    parts = [{"type": "object", "properties": each, "required": [*each]} for each in (one, two)]
    return {"paths": {}, "components": {"schemas": {"Both": {"oneOf": parts}, **schemas}}}


def field_of(one: Any, two: Any) -> Any:
    """Return the field of an object that has one of two schemas for it, or None if the objects stay apart."""
    whole = document({"field": one}, {"field": two})
    return united(whole)["components"]["schemas"]["Both"].get("properties", {}).get("field")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (NUMBER, {**NUMBER, "description": "A size"}, NUMBER),
        (TEXT, {"type": ["string", "null"]}, {"type": ["string", "null"]}),
        (KIND, {**KIND, "enum": ["b"]}, {**KIND, "enum": ["a", "b"]}),
        (KIND, TEXT, TEXT),
        ({**TEXT, "maxLength": 5}, TEXT, TEXT),
        (TEXT, SECRET, SECRET),
        (KIND, SECRET, SECRET),
        (NUMBER, TEXT, None),
        (TIME, TEXT, None),
        ({**TEXT, "format": "binary"}, TEXT, None),
        (TEXT, {"$ref": "#/components/schemas/Both"}, None),
    ],
)
def test_field(one: Any, two: Any, expected: Any) -> None:
    """A field has the type that all alternatives agree on, and is a secret if it is one in any of them."""
    assert field_of(one, two) == expected
    assert is_choice(document({"field": one}, {"field": two}), {"$ref": "#/components/schemas/Both"}) is False


def test_required() -> None:
    """A field is required if every alternative requires it."""
    both = united(document({"id": TEXT, "a": TEXT}, {"id": TEXT, "b": TEXT}))["components"]["schemas"]["Both"]

    assert both["required"] == ["id"]
    assert both["description"] == "One of several shapes: shape 1 (`a`) or shape 2 (`b`)."


def test_parts_that_extend_the_whole() -> None:
    """Alternatives that are composed of the schema that lists them have its fields."""
    base = {"$ref": "#/components/schemas/Pet"}
    cat, dog = (
        {"allOf": [base, {"type": "object", "properties": {name: NUMBER}}], "title": name}
        for name in ("lives", "barks")
    )
    pet = {
        "type": "object",
        "properties": {"kind": TEXT},
        "required": ["kind"],
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    }
    whole = document({}, {}, Pet=pet, Cat=cat, Dog=dog)

    schemas = united(copy.deepcopy(whole))["components"]["schemas"]

    assert sorted(schemas["Pet"]["properties"]) == ["barks", "kind", "lives"]
    assert schemas["Pet"]["required"] == ["kind"]
    assert "Cat" not in schemas
