"""A document that needs a decision stops the build, with a place and a fix for each problem."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from small_documents import (
    FINE,
    NO_OVERLAY,
    REFERENCE,
    THING,
    beside,
    body,
    circular,
    field,
    fields,
    json_of,
    parameter,
    result,
    secret_elsewhere,
    small,
    with_path,
)

from openapi.build import build
from openapi.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable

PART = "#/components/schemas/Thing/properties/new"
JSON_BODY = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
OTHER: Any = {"type": "object", "properties": {"id": {"type": "integer"}}}
LISTS: Any = {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}}
FORM: Any = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
STOPS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "array of objects in the query": (
        lambda: parameter(schema={"type": "array", "items": REFERENCE}),
        "/paths/~1things/post/parameters/0",
        "only text, numbers, booleans and lists of them can be sent",
    ),
    "optional body": (
        lambda: body(
            {"multipart/form-data": {"schema": {**FORM, "title": "Form"}}},
            required=False,
        ),
        "/paths/~1things/post/requestBody",
        "the body is optional",
    ),
    "two kinds of body": (
        lambda: body({**JSON_BODY, "application/xml": {}}),
        "/paths/~1things/post/requestBody/content/application~1xml",
        "cannot be sent, and differs from the body that is sent: application/json",
    ),
    "a list in a form": (
        lambda: body(
            {
                "multipart/form-data": {
                    "schema": {**FORM, "title": "Form", "properties": {**THING["properties"], **LISTS}}
                }
            }
        ),
        "/paths/~1things/post/requestBody/content/multipart~1form-data/schema/properties/files",
        "only files, text, numbers and booleans can be sent in a form",
    ),
    "a form without fields": (
        lambda: beside(body({"multipart/form-data": {"schema": {"type": "object", "title": "Form"}}})),
        "/paths/~1more/post/requestBody/content/multipart~1form-data/schema",
        "a form without fields",
    ),
    "text as body": (
        lambda: beside(body({"application/json": {"schema": {"type": "string"}}})),
        "/paths/~1more/post/requestBody/content/application~1json/schema",
        "the body is neither an object nor a list",
    ),
    "content or none": (
        lambda: small(responses={"200": FINE, "204": {"description": "Nothing"}}),
        "/paths/~1things/post/responses/204",
        "is nothing, and another success is Thing",
    ),
    "text": (
        lambda: result(content={"application/json": {"schema": {"type": "string"}}}),
        "/paths/~1things/post/responses/200/content",
        "the result is neither an object, a list, text nor a file",
    ),
    "two kinds of result": (
        lambda: result(content={**JSON_BODY, "text/csv": {}}),
        "/paths/~1things/post/responses/200/content",
        "has 2 content types",
    ),
    "server": (
        lambda: small(servers=[{"url": "https://{region}.example.com"}]),
        "/paths/~1things/post/servers",
        "the API key can only be sent to an https:// URL without variables",
    ),
    "a server in a description": (
        lambda: small(description="Own server: https://elsewhere.example.com"),
        "/paths/~1things/post/description",
        "'Own server:' would change the call",
    ),
    "no operationId": (lambda: small(operationId=None), "/paths/~1things/post", "has no operationId"),
    "odd operationId": (
        lambda: small(operationId="get.URLInfo"),
        "/paths/~1things/post",
        "has no equivalent in snake_case",
    ),
    "operationId twice": (
        lambda: with_path("/more", small()["paths"]["/things"]),
        "/paths/~1more/post",
        "has the operationId getThing, too",
    ),
    "null path": (lambda: with_path("/x", None), "/paths/~1x", "describes no operations"),
    "path elsewhere": (lambda: with_path("/x", {"$ref": "./x.json"}), "/paths/~1x", "refers to ./x.json"),
    "reference elsewhere": (
        lambda: fields(ext={"$ref": "./common.json#/Thing"}),
        "/components/schemas/Thing/properties/ext",
        "is not in this document",
    ),
    "schema in itself": (
        lambda: fields(parts={"type": "array", "items": REFERENCE}),
        "/components/schemas/Thing/properties/parts",
        "Thing contains itself",
    ),
    "circle": (circular, "/components/schemas/Round", "composed (allOf) of itself"),
    "default": (
        lambda: field(type="string", default="a"),
        "/components/schemas/Thing/properties/new/default",
        "freezes today's value",
    ),
    "enum": (lambda: field(type="string", enum=["a"]), "/components/schemas/Thing/properties/new", "an inline enum"),
    "object": (lambda: field(type="object"), "/components/schemas/Thing/properties/new", "an inline object"),
    "members alike": (
        lambda: field(type="string", title="Kind", enum=["ok", "OK"]),
        "/components/schemas/Thing/properties/new/enum/1",
        "would be one member, OK",
    ),
    "one of two": (
        lambda: field(oneOf=[{**THING, "title": "One"}, {**OTHER, "title": "Other"}]),
        "/components/schemas/Thing/properties/new",
        "is one of 2 shapes that do not make one model",
    ),
    "one of two without a name": (
        lambda: field(oneOf=[THING, {**THING, "description": "Another"}]),
        "/components/schemas/Thing/properties/new",
        "an inline object without a name",
    ),
    "one of two that contains itself": (
        lambda: field(oneOf=[REFERENCE, THING], title="Other"),
        "/components/schemas/Thing/properties/new",
        "Thing contains itself",
    ),
    "taken name": (
        lambda: fields(to_dict={"type": "string"}),
        "/components/schemas/Thing/properties/to_dict",
        "a model cannot have a field",
    ),
    "names alike": (
        lambda: fields(Size={"type": "string"}),
        "/components/schemas/Thing/properties/Size",
        "two fields would be named size",
    ),
    "secret": (
        lambda: fields(auth_token={"type": "string"}),
        "/components/schemas/Thing/properties/auth_token",
        "seems to be a secret",
    ),
    "time": (
        lambda: field(type="integer", description="Unix timestamp"),
        "/components/schemas/Thing/properties/new",
        "seems to be a time",
    ),
    "secret in camel case": (
        lambda: fields(signingSecret={"type": "string"}),
        "/components/schemas/Thing/properties/signingSecret",
        "seems to be a secret",
    ),
    "secrets": (
        lambda: fields(tokens={"type": "array", "items": {"type": "string"}}),
        "/components/schemas/Thing/properties/tokens",
        "seems to be a secret",
    ),
    "secret elsewhere": (
        secret_elsewhere,
        "/components/schemas/Thing/properties/secret",
        "seems to be a secret",
    ),
    "secret or number": (
        lambda: fields(password={"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        "/components/schemas/Thing/properties/password",
        "seems to be a secret",
    ),
    "secret item": (
        lambda: field(type="array", items={"type": "string", "x-secret": True}),
        "/components/schemas/Thing/properties/new/items",
        "only a whole field can be a secret",
    ),
    "time in a list": (
        lambda: field(type="array", items={"type": "string", "format": "date-time"}),
        "/components/schemas/Thing/properties/new/items",
        "only a whole field can be a time",
    ),
    "marked time in a list": (
        lambda: field(type="array", items={"type": "integer", "x-time": "milliseconds"}),
        "/components/schemas/Thing/properties/new/items",
        "only a whole field can be a time",
    ),
    "time or number": (
        lambda: field(oneOf=[{"type": "string", "format": "date-time"}, {"type": "integer"}]),
        "/components/schemas/Thing/properties/new/oneOf/0",
        "only a whole field can be a time",
    ),
    "time in the query": (
        lambda: parameter(schema={"type": "string", "format": "date-time"}),
        "/paths/~1things/post/parameters/0",
        "is a time as text",
    ),
    "text or number in the query": (
        lambda: parameter(schema={"type": ["string", "integer"]}),
        "/paths/~1things/post/parameters/0",
        "only text, numbers, booleans and lists of them can be sent",
    ),
    "lists of objects in a list": (
        lambda: field(type="array", items={"type": "array", "items": {**THING, "title": "Other"}}),
        "/components/schemas/Thing/properties/new",
        "is a list of lists of objects or enums",
    ),
    "an object or a list of them": (
        lambda: field(oneOf=[{**OTHER, "title": "A"}, {"type": "array", "items": {**OTHER, "title": "A"}}]),
        "/components/schemas/Thing/properties/new",
        "is one of 2 shapes that do not make one model",
    ),
    "name of a body": (
        lambda: parameter(name="body"),
        "/paths/~1things/post/parameters/0",
        "has a name that calls need for themselves",
    ),
    "operationId of Python": (
        lambda: small(operationId="list"),
        "/paths/~1things/post",
        "would be a function that calls.py or Python has",
    ),
    "operationId of ours": (
        lambda: small(operationId="describe"),
        "/paths/~1things/post",
        "would be a function that calls.py or Python has",
    ),
    "no type": (
        lambda: field(type="any"),
        "/components/schemas/Thing/properties/new",
        "any is not a type",
    ),
    "no values": (
        lambda: field(type="string", title="Kind", enum=[]),
        "/components/schemas/Thing/properties/new/enum",
        "has no values",
    ),
    "objects or null": (
        lambda: result(content=json_of({"type": "array", "items": {"allOf": [REFERENCE], "nullable": True}})),
        "/paths/~1things/post/responses/200/content",
        "the result is neither an object, a list, text nor a file",
    ),
    "list of an enum": (
        lambda: result(content=json_of({"type": "array", "items": {"type": "string", "enum": ["a"], "title": "A"}})),
        "/paths/~1things/post/responses/200/content",
        "the result is neither an object, a list, text nor a file",
    ),
    "object or null as body": (
        lambda: beside(body(json_of({"allOf": [REFERENCE], "nullable": True}))),
        "/paths/~1more/post/requestBody/content/application~1json/schema",
        "the body is neither an object nor a list",
    ),
    "two results": (
        lambda: small(
            responses={"200": FINE, "201": {"description": "More", "content": json_of({**OTHER, "title": "O"})}}
        ),
        "/paths/~1things/post/responses/201",
        "is O, and another success is Thing",
    ),
    "no method": (
        lambda: with_path("/more", {"GET": small()["paths"]["/things"]["post"]}),
        "/paths/~1more/GET",
        "GET is not an HTTP method",
    ),
    "part that contains itself": (
        lambda: fields(new={"title": "New", "type": "object", "properties": {"a": {"$ref": PART}}}),
        "/components/schemas/Thing/properties/new/properties/a",
        "contains this place",
    ),
    "number of 64 bits": (
        lambda: field(type="integer", format="int64"),
        "/components/schemas/Thing/properties/new",
        "seems to be a time",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_stop_and_fix(name: str) -> None:
    """An unsupported shape stops the build with its place, and the printed actions make the build succeed."""
    make, place, told = STOPS[name]
    with pytest.raises(BuildError) as caught:
        build(make(), NO_OVERLAY)

    assert any(problem.startswith(f"{place}: ") and told in problem for problem in caught.value.problems)
    assert build(make(), {"actions": cures(caught.value)})["openapi"] == "3.1.0"


def cures(error: BuildError) -> list[Any]:
    """Return the actions that problems print, starting with later places in an array."""
    found = {line for problem in error.problems for line in re.findall(r"^- (\{.*\})$", problem, re.MULTILINE)}
    return [json.loads(line) for line in sorted(found, reverse=True)]
