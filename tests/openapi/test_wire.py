"""Each change between two documents has the right verdict: breaking, possibly breaking, or harmless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from openapi.wire import changes_between
from openapi.wire_rules import BREAKS, HARMLESS, MAY_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE: Any = {"$ref": "#/components/schemas/Thing"}
TEXT: Any = {"type": "string"}
JSON = "application/json"
DOCUMENT: Any = {
    "openapi": "3.0.3",
    "info": {"title": "Small", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "operationId": "createThing",
                "requestBody": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
                "responses": {
                    "200": {"description": "Fine", "content": {JSON: {"schema": REFERENCE}}},
                    "400": {"description": "Bad", "content": {JSON: {"schema": {"properties": {"error": TEXT}}}}},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Part": {"type": "object", "properties": {"id": TEXT, "name": {"type": "string", "nullable": True}}},
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Thing": {
                "type": "object",
                "properties": {
                    "id": TEXT,
                    "name": {"type": "string", "nullable": True},
                    "part": {"$ref": "#/components/schemas/Part"},
                    "labels": {"type": "object", "additionalProperties": TEXT},
                    "sent_at": {"type": "integer", "description": "Unix timestamp in milliseconds"},
                },
            },
            "NewThing": {
                "type": "object",
                "properties": {
                    "id": TEXT,
                    "name": {"type": "string", "nullable": True},
                    "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "description": "What it is"},
                    "text": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]},
                },
            },
        }
    },
}


def schema(name: str, /, **keywords: Any) -> Callable[[Any], None]:
    """Return a change of the keywords of a schema."""
    return lambda document: document["components"]["schemas"][name].update(keywords)


def field(owner: str, name: str, /, **keywords: Any) -> Callable[[Any], None]:
    """Return a change of the keywords of a field."""
    return lambda document: document["components"]["schemas"][owner]["properties"][name].update(keywords)


def replaced(owner: str, name: str, new: Any) -> Callable[[Any], None]:
    """Return a change of a whole field."""
    return lambda document: document["components"]["schemas"][owner]["properties"].update({name: new})


def inline_field_deprecated(document: Any) -> None:
    """Deprecate a field of a schema that is not a component."""
    media = document["paths"]["/things"]["post"]["responses"]["400"]["content"][JSON]
    media["schema"]["properties"]["error"]["deprecated"] = True


CASES: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "null in a response": (field("Thing", "id", nullable=True), MAY_BREAK, "now accepts a null value"),
    "no null in a response": (field("Thing", "name", nullable=False), HARMLESS, "no longer accepts null"),
    "null in a request": (field("NewThing", "id", nullable=True), HARMLESS, "now accepts a null value"),
    "no null in a request": (field("NewThing", "name", nullable=False), BREAKS, "no longer accepts null"),
    "an object or null": (
        replaced("Thing", "part", {"allOf": [{"$ref": "#/components/schemas/Part"}], "nullable": True}),
        MAY_BREAK,
        "field 'part': Field now accepts a null value",
    ),
    "a value of a wrapped enum": (schema("Kind", enum=["a"]), BREAKS, "field 'kind': Enum values removed: ['b']"),
    "the values of a map": (
        field("Thing", "labels", additionalProperties={"type": "integer"}),
        BREAKS,
        "field 'labels' > field 'of any name': Data type changed",
    ),
    "alternatives in another order": (
        replaced("NewThing", "text", {"oneOf": [{"type": "array", "items": TEXT}, TEXT]}),
        HARMLESS,
        "",
    ),
    "either of two fields": (
        schema("NewThing", anyOf=[{"required": ["id"]}, {"required": ["text"]}]),
        MAY_BREAK,
        "anyOf is a new limit",
    ),
    "an excluded type": (field("NewThing", "id", **{"not": {"enum": ["x"]}}), MAY_BREAK, "not is a new limit"),
    "another unit": (
        field("Thing", "sent_at", description="Unix timestamp in seconds"),
        MAY_BREAK,
        "the description names other units",
    ),
    "another description": (field("Thing", "sent_at", description="Sent, in Unix milliseconds"), HARMLESS, ""),
    "a deprecated field": (field("Thing", "id", deprecated=True), MAY_BREAK, "is deprecated now"),
    "a deprecated field of a response": (inline_field_deprecated, MAY_BREAK, "is deprecated now"),
}


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str) -> None:
    """The gravest verdict on a change is right, and its text describes it."""
    change, verdict, words = CASES[name]
    new = json.loads(json.dumps(DOCUMENT))  # which shares nothing
    change(new)

    changes = changes_between(DOCUMENT, new)

    found = {each.verdict for each in changes} or {HARMLESS}
    assert next(each for each in (BREAKS, MAY_BREAK, HARMLESS) if each in found) == verdict
    assert not words or [each for each in changes if each.verdict == verdict and words in each.text]
