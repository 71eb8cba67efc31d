"""A new document becomes a valid package, or stops with a place and a fix for each problem."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from blooio_overrides.json_values import is_list, is_object
from openapi.build import build
from openapi.problems import BuildError
from tests.openapi.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.openapi.conftest import Workspace

FINE: Any = {"description": "Fine", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
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


PART = "#/components/schemas/Thing/properties/new"
JSON_BODY = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
REFERENCE = {"$ref": "#/components/schemas/Thing"}
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


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "format": "date"}, {"type": "string", "description": "As it came (YYYY-MM-DD)"}),
        ({"type": "string", "format": "uuid"}, {"type": "string", "description": "As it came (a UUID)"}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer", "description": "A number (one of 1, 2)"}),
        ({"type": "integer", "format": "int64", "x-time": "none"}, {"type": "integer", "format": "int64"}),
        ({"type": "string", "format": "date-time", "x-time": "none"}, {"type": "string"}),
        ({"type": "string", "x-secret": False}, {"type": "string"}),
        ({"description": "Anything"}, {"description": "Anything"}),
    ],
)
def test_simplified(schema: Any, expected: Any) -> None:
    """Formats and enums that the templates do not support become plain values."""
    assert build(field(**schema), NO_OVERLAY)["components"]["schemas"]["Thing"]["properties"]["new"] == expected


def test_maps_and_other_names() -> None:
    """A component that is a map is a plain dict, and one that only refers to another is an alias."""
    document = fields(labels={"$ref": "#/components/schemas/Labels"})
    inner = {"inner": {"$ref": "#/components/schemas/Alias"}}
    document["components"]["schemas"]["Box"] = {"type": "object", "properties": inner}
    document["components"]["schemas"]["Labels"] = {"type": "object", "additionalProperties": {"type": "string"}}
    document["components"]["schemas"]["Alias"] = REFERENCE

    schemas = build(document, NO_OVERLAY)["components"]["schemas"]

    assert sorted(schemas) == ["Box", "JsonObject", "Thing"]
    assert schemas["Thing"]["properties"]["labels"] == {"$ref": "#/components/schemas/JsonObject"}
    assert schemas["Box"]["properties"]["inner"] == REFERENCE


def test_twin_in_31(published: Any, overlay: Any, built: Any) -> None:
    """The same document as OpenAPI 3.1 has no changes and generates the same package."""

    def modern(node: Any) -> Any:
        if is_list(node):
            return [modern(each) for each in node]
        if not is_object(node):
            return node
        node = {key: modern(value) for key, value in node.items()}
        if "type" in node and node.pop("nullable", False):
            values = {"enum": [*node["enum"], None]} if "enum" in node else {}
            return {**node, "type": [node["type"], "null"], **values}
        return node

    twin = modern(published) | {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
    }
    built["info"].pop("x-built-from")

    assert build(twin, overlay, published) == built


@pytest.mark.parametrize(
    ("name", "place"),
    [("size_bytes", "x-time"), ("bucket", "DeliveryStatus")],
)
def test_nothing_is_merged_silently(published: Any, overlay: Any, name: str, place: str) -> None:
    """A rule in the overlay does not silently turn a new number into a time, or a new enum into an existing one."""
    new = json.loads(json.dumps(published))
    schema = {"type": "integer", "format": "int64"} if place == "x-time" else {"type": "string", "enum": ["pending"]}
    new["components"]["schemas"]["Message"]["properties"][name] = schema

    with pytest.raises(BuildError) as caught:
        build(new, overlay, published)

    (problem,) = caught.value.problems
    assert f"New: /components/schemas/Message/properties/{name}." in problem
    assert place in problem


@pytest.mark.proof
def test_candidate(workspace: Workspace, published: Any) -> None:
    """A document with only additions is imported with package, pages and report, and a minor version is suggested."""
    for name in ("overrides", "docs/reference", "sandbox", "cli", "outbox"):
        shutil.copytree(ROOT / name, workspace.root / name, dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", workspace.root)
    page = workspace.root / "docs/beyond.md"
    shutil.copy(ROOT / "docs/beyond.md", page)
    outdated = "| an addition | that the document has now | a page |\n"
    page.write_text(page.read_text("utf-8").replace("|---|---|---|\n", f"|---|---|---|\n{outdated}", 1), "utf-8")
    message = published["components"]["schemas"]["Message"]["properties"]
    message["subject"] = {"type": "string", "description": "The subject line"}
    published["paths"]["/things"] = small()["paths"]["/things"]
    published["paths"]["/things"]["post"]["responses"]["200"] = published["paths"]["/me"]["get"]["responses"]["200"]
    (workspace.root / "new.json").write_text(json.dumps(published), "utf-8")

    done = workspace.run("scripts/candidate.py", "new.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert "getThing: decide whether it may be repeated, and which method sends it" in done.stdout
    assert (workspace.root / "openapi/blooio-v2.json").read_bytes() == (workspace.root / "new.json").read_bytes()
    assert "subject: str | None" in (workspace.root / "blooio_client/models/message.py").read_text("utf-8")
    assert outdated not in page.read_text("utf-8")
    assert "def get_thing(" in (workspace.root / "blooio_client/calls.py").read_text("utf-8")
    (report,) = (workspace.root / "openapi/changes").glob("*.json")
    found = json.loads(report.read_bytes())
    assert {"level": "minor", "text": "new: Message.subject: str | None"} in found["python"]
    assert found["suggested_version"] == "0.2.0"
    assert [line.split(":")[0] for line in found["todo"]] == ["getThing"] * 3
    assert "## Draft for the changelog\n\n### Added\n* new: " in report.with_suffix(".md").read_text("utf-8")
