"""Small published documents, each with one thing that a build has to handle."""

from __future__ import annotations

import json
from typing import Any

FINE: Any = {"description": "Fine", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
REFERENCE = {"$ref": "#/components/schemas/Thing"}
THING: Any = {"type": "object", "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}}
NO_OVERLAY: Any = {"overlay": "1.0.0", "actions": []}


def small(**operation: Any) -> Any:
    """Return a small document with one operation and some given parts."""
    whole = {"operationId": "getThing", "summary": "Get a thing", "responses": {"200": FINE}, **operation}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Small", "version": "1"},
        "paths": {"/things": {"post": {key: value for key, value in whole.items() if value is not None}}},
        "components": {"schemas": {"Thing": json.loads(json.dumps(THING))}},
    }


def field(**schema: Any) -> Any:
    """Return the small document with a field of this schema."""
    document = small()
    document["components"]["schemas"]["Thing"]["properties"]["new"] = schema
    return document


def fields(**schemas: Any) -> Any:
    """Return the small document with further fields."""
    document = small()
    document["components"]["schemas"]["Thing"]["properties"].update(schemas)
    return document


def parameter(**described: Any) -> Any:
    """Return the small document with a parameter."""
    return small(parameters=[{"name": "which", "in": "query", "schema": {"type": "string"}, **described}])


def body(content: Any, *, required: bool = True) -> Any:
    """Return the small document with a request body."""
    return small(requestBody={"required": required, "content": content})


def result(*, status: str = "200", content: Any = None) -> Any:
    """Return the small document with another result, and a second operation without problems."""
    document = small(responses={status: {"description": "Fine"} | ({"content": content} if content else {})})
    document["paths"]["/others"] = {"get": {"operationId": "other", "summary": "Other", "responses": {"200": FINE}}}
    return document


def with_path(path: str, item: Any) -> Any:
    """Return the small document with another path."""
    document = small()
    document["paths"][path] = item
    return document


def beside(document: Any) -> Any:
    """Return the small document with the operation of another one."""
    (item,) = document["paths"].values()
    item["post"]["operationId"] = "more"
    return with_path("/more", item)


def circular() -> Any:
    """Return the small document with a schema composed of itself."""
    document = small()
    itself = {"$ref": "#/components/schemas/Round"}
    document["components"]["schemas"]["Round"] = {"allOf": [itself, THING], "properties": {"a": {"type": "string"}}}
    return document


def secret_elsewhere() -> Any:
    """Return the small document with a field that refers to its type."""
    document = fields(secret={"$ref": "#/components/schemas/Plain"})
    document["components"]["schemas"]["Plain"] = {"type": "string"}
    return document


def json_of(schema: Any) -> Any:
    """Return the content of a JSON body."""
    return {"application/json": {"schema": schema}}
