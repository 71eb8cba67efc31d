"""Any future document becomes a valid package or stops with a place and a fix, and no change is silent.

The documents are variants of our own, `kitchen.yaml`.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import kitchen_package
import pytest

from openapi.build import build
from openapi.intake import read_document
from openapi.problems import BuildError
from openapi.wire import changes_between

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KITCHEN: Any = read_document(kitchen_package.DOCUMENT.read_bytes())
CACHE = str(kitchen_package.ROOT / ".mypy_cache" / "sweep")  # shared, so that the client's types are checked once
JSON = "application/json"
FORM = "multipart/form-data"
CAT, DOG = ({"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog"))
OTHER: Any = {"type": "object", "properties": {"lives": {"type": "string"}}}
REFERENCE: Any = {"$ref": "#/components/schemas/Thing"}


def schema(component: str, /, **properties: Any) -> Callable[[Any], None]:
    """Return a change of the fields of a schema."""
    return lambda document: document["components"]["schemas"][component]["properties"].update(properties)


def operation(path: str, method: str, **parts: Any) -> Callable[[Any], None]:
    """Return a change of an operation, or a new one."""
    new = {"operationId": "newOne", "tags": ["Things"], "summary": "New", "responses": ok(REFERENCE)}
    return lambda document: (
        document["paths"].setdefault(path, {}).setdefault(method, copy.deepcopy(new)).update(copy.deepcopy(parts))
    )


def ok(content: Any, kind: str = JSON) -> Any:
    """Return the responses of an operation with this result."""
    return {"200": {"description": "Fine", "content": {kind: {"schema": content}}}}


def parameter(**described: Any) -> Callable[[Any], None]:
    """Return a new operation with a parameter."""
    return operation("/new", "get", parameters=[{"name": "which", "in": "query", **described}])


def body(content: Any) -> Callable[[Any], None]:
    """Return a new operation with a body."""
    return operation("/new", "post", requestBody={"required": True, "content": content})


def form(**fields: Any) -> Any:
    """A form with a file and other fields."""
    return {"type": "object", "title": "Form", "properties": {"file": {"type": "string", "format": "binary"}, **fields}}


def rename(old: str, new: str) -> Callable[[Any], None]:
    """Rename a component."""

    def renamed(document: Any) -> None:
        text = json.dumps(document).replace(f'schemas/{old}"', f'schemas/{new}"')
        document.update(json.loads(text))
        schemas = document["components"]["schemas"]
        schemas[new] = schemas.pop(old)

    return renamed


def removed(document: Any) -> None:
    """Remove a field and an operation."""
    del document["components"]["schemas"]["Thing"]["properties"]["class"]
    del document["paths"]["/names"]


def moved(document: Any) -> None:
    """Rename a path."""
    document["paths"]["/all-names"] = document["paths"].pop("/names")


def other_key(document: Any) -> None:
    """Replace the authentication."""
    document["components"]["securitySchemes"] = {"bearer": {"type": "apiKey", "in": "header", "name": "X-Key"}}


# For each change: the words that must describe it, and whether the document builds without a fix.
CHANGES: dict[str, tuple[Callable[[Any], Any], str, bool]] = {
    "nothing": (lambda _: None, "", True),
    "a new field": (schema("Thing", colour={"type": "string"}), "new", True),
    "a new operation": (operation("/new", "get"), "new", True),
    "a moved path": (moved, "moved to /all-names", True),
    "a field and an operation are removed": (removed, "breaks users", True),
    "another type": (schema("Thing", size={"type": "string"}), "breaks users", True),
    "another key": (other_key, "breaks users", True),
    "another server": (lambda each: each.update(servers=[{"url": "https://b.example.com"}]), "server", True),
    "another component": (rename("Thing", "Item"), "thing", True),
    "a limit": (schema("NewThing", name={"type": "string", "maxLength": 5}), "maxlength", True),
    "an enum of numbers": (schema("Thing", level={"type": "integer", "enum": [1, 2]}), "new", True),
    "a map": (schema("Thing", extra={"$ref": "#/components/schemas/Labels"}), "new", True),
    "Python keywords": (schema("Thing", **{"from": {"type": "string"}, "import": {"type": "string"}}), "new", True),
    "an export": (operation("/new", "get", responses=ok({"type": "string"}, "text/csv")), "new", True),
    "a download": (operation("/new", "get", responses=ok({"type": "string"}, "application/pdf")), "new", True),
    "no content": (operation("/new", "delete", responses={"204": {"description": "Gone"}}), "new", True),
    "a list": (operation("/new", "get", responses=ok({"type": "array", "items": REFERENCE})), "new", True),
    "a list in the query": (parameter(schema={"type": "array", "items": {"type": "integer"}}), "new", True),
    "deprecated": (operation("/export", "get", deprecated=True), "deprecated", True),
    "a cookie": (parameter(**{"in": "cookie", "schema": {"type": "string"}}), "new", True),
    "a range": (operation("/new", "get", responses={"2XX": ok(REFERENCE)["200"]}), "new", True),
    "two types of content": (body({JSON: {"schema": REFERENCE}, "text/xml": {}}), "new", False),
    "a list as the body": (body({JSON: {"schema": {"type": "array", "items": REFERENCE}}}), "new", True),
    "a form with text": (body({FORM: {"schema": form(note={"type": "string"})}}), "new", True),
    "a form with a list": (body({FORM: {"schema": form(notes={"type": "array", "items": {}})}}), "new", False),
    "JSON or a form": (body({JSON: {"schema": REFERENCE}, FORM: {"schema": form()}}), "new", True),
    "a map as the body": (body({JSON: {"schema": {"$ref": "#/components/schemas/Labels"}}}), "new", True),
    "its own server": (operation("/new", "get", servers=[{"url": "https://up.example.com"}]), "new", True),
    "its own server without TLS": (operation("/new", "get", servers=[{"url": "http://a.example.com"}]), "new", False),
    "its own relative server": (operation("/new", "get", servers=[{"url": "/v3"}]), "new", False),
    "no server": (operation("/new", "get", servers=[]), "new", False),
    "the common server": (operation("/new", "get", servers=[{"url": "https://kitchen.example.com"}]), "new", True),
    "one of two": (operation("/new", "get", responses=ok({"$ref": "#/components/schemas/Pet"})), "new", True),
    "one of two without a name": (schema("Problem", one={"oneOf": [CAT, DOG]}), "new", False),
    "one of two that disagree": (schema("Problem", one={"title": "One", "oneOf": [CAT, OTHER]}), "new", False),
    "a schema in itself": (
        schema("Part", parts={"type": "array", "items": {"$ref": "#/components/schemas/Part"}}),
        "new",
        False,
    ),
    "an inline enum": (schema("Thing", kind={"type": "string", "enum": ["a"]}), "new", False),
    "an inline object": (schema("Thing", inner={"type": "object", "properties": {}}), "new", False),
    "a 64-bit number": (schema("Thing", bytes={"type": "integer", "format": "int64"}), "new", False),
    "a default": (schema("NewThing", mood={"type": "string", "default": "good"}), "new", False),
    "a secret": (schema("Thing", api_key={"type": "string"}), "new", False),
    "names alike": (schema("Thing", Size={"type": "string"}), "new", False),
    "one of our names": (schema("Thing", to_dict={"type": "string"}), "new", False),
}


def changed(name: str) -> Any:
    """Return the changed document."""
    document = copy.deepcopy(KITCHEN)
    CHANGES[name][0](document)
    return document


def cured(document: Any) -> Any:
    """Build a document; if that stops, apply the printed actions and try again."""
    actions = list[Any]()
    for _ in range(4):
        try:
            return build(document, {"actions": actions})
        except BuildError as error:
            printed = re.findall(r"^- (\{.*\})$", "\n".join(error.problems), re.MULTILINE)
            actions += [json.loads(each) for each in sorted(printed, reverse=True)]
    return build(document, {"actions": actions})


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_is_silent(name: str) -> None:
    """The report describes every change."""
    said = [f"{change.verdict}: {change.text}" for change in changes_between(KITCHEN, changed(name))]

    assert bool(said) is bool(CHANGES[name][1])
    assert CHANGES[name][1] in "\n".join(said).lower()


@pytest.mark.parametrize("name", CHANGES)
def test_it_builds_or_stops_with_a_fix(name: str) -> None:
    """If the build stops, it names the place, and succeeds with the printed fix."""
    if CHANGES[name][2]:
        build(changed(name), {"actions": []})
    else:
        with pytest.raises(BuildError) as caught:
            build(changed(name), {"actions": []})
        assert [each for each in caught.value.problems if not re.match(r"/\S+: .*\n- \{", each)] == []

    assert cured(changed(name))["openapi"] == "3.1.0"


@pytest.mark.proof
@pytest.mark.parametrize("name", CHANGES)
def test_the_package_is_valid(name: str, tmp_path: Path) -> None:
    """A document that builds, with fixes if necessary, is generated, imported and type-checked."""
    built = json.dumps(cured(changed(name)))
    kitchen_package.generated(tmp_path, built)

    programs = "import kitchen.calls, kitchen.models as m; [getattr(m, name) for name in m.__all__]"
    (tmp_path / "kitchen" / "__init__.py").write_text("", "utf-8")
    for command in (
        ["-c", programs],
        ["-m", "mypy", "--strict", "--cache-dir", CACHE, "kitchen/calls.py", "kitchen/models"],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
