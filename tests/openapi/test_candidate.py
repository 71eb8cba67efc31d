"""A new document becomes a valid package."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from small_documents import NO_OVERLAY, REFERENCE, field, fields, small

from blooio_overrides.json_values import is_list, is_object
from openapi.build import build
from openapi.problems import BuildError
from tests.openapi.conftest import ROOT

if TYPE_CHECKING:
    from tests.openapi.conftest import Workspace


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
