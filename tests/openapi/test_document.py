from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from openapi.build import build
from openapi.nodes import METHODS, objects_of

OPENAPI = Path(__file__).resolve().parent.parent.parent / "openapi"


def test_provenance(published: Any) -> None:
    """The vendored document has the checksum, version and size that the README states."""
    readme = (OPENAPI / "README.md").read_text("utf-8")
    stated = re.findall(r"^Version (\S+), (\d+) operations, sha256 `([0-9a-f]{64})`\.$", readme, re.MULTILINE)
    digest = hashlib.sha256((OPENAPI / "blooio-v2.json").read_bytes()).hexdigest()
    operations = [item[method] for item in published["paths"].values() for method in METHODS if method in item]

    assert [(published["info"]["version"], str(len(operations)), digest)] == stated


def test_deterministic(published: Any, overlay: Any, built: Any) -> None:
    """The build produces exactly the document in the sandbox, and changes neither input."""
    before = repr((published, overlay))

    sources = built["info"].pop("x-built-from")

    assert built == build(published, overlay)
    for name, digest in sources.items():
        assert digest == hashlib.sha256((OPENAPI / name).read_bytes()).hexdigest()
    assert before == repr((published, overlay))


def test_valid(built: Any) -> None:
    """The built document is a valid OpenAPI 3.1 document."""
    assert list(OpenAPIV31SpecValidator(built).iter_errors()) == []


def test_nothing_is_lost(published: Any, overlay: Any, built: Any) -> None:
    """The built document has every operation, parameter, response and content type of the published one."""

    def outline(document: Any) -> Any:
        return {
            (path, method, item[method]["operationId"]): (
                [parameter.get("name", parameter.get("$ref")) for parameter in item[method].get("parameters", [])],
                list(item[method].get("requestBody", {}).get("content", {})),
                {
                    status: list(response.get("content", response))
                    for status, response in item[method]["responses"].items()
                    if "x-beyond" not in response
                },
            )
            for path, item in document["paths"].items()
            for method in METHODS
            if method in item
        }

    was, became = outline(published), outline(built)
    added = [path_item[method] for path_item in built["paths"].values() for method in METHODS if method in path_item]
    beyond = {operation["operationId"] for operation in added if "x-beyond" in operation}

    assert was == {key: value for key, value in became.items() if key[2] not in beyond}
    marked = {
        each["operationId"] for each in objects_of(overlay["actions"]) if {"operationId", "x-beyond"} <= each.keys()
    }
    assert beyond == marked


def test_no_field_is_lost(published: Any, overlay: Any, built: Any) -> None:
    """The built document has every field of every component schema."""
    updates = [(each["target"], each["update"]) for each in overlay["actions"] if "update" in each]
    titles = {target: update["title"] for target, update in updates if "title" in update}
    for name, schema in published["components"]["schemas"].items():
        fields = built["components"]["schemas"][titles.get(f"$.components.schemas.{name}", name)]["properties"]

        assert schema["properties"].keys() <= fields.keys()


def test_every_time_is_marked(built: Any) -> None:
    """Every int64 and every date-time is marked as a time, with its wire format."""
    forms = {"int64": "milliseconds", "date-time": "iso8601"}
    times = [node for node in objects_of(built) if node.get("format") in forms]

    assert len(times) > 20
    assert [forms[node["format"]] for node in times] == [node.get("x-time") for node in times]


def test_every_secret_is_marked(built: Any) -> None:
    """Every field with a key or a signing secret is marked as a secret."""
    fields = [field for each in objects_of(built) for field in each.get("properties", {}).items()]
    secret = [name for name, _ in fields if re.fullmatch(".*(secret|api_key|token|password)", name)]
    marked = [name for name, node in fields if "x-secret" in node]

    assert {"api_key", "signing_secret"} == set(marked)
    assert sorted(marked) == sorted(secret)


def test_no_default_is_frozen(built: Any) -> None:
    """The built document has no defaults, since a client that sent them would freeze today's values."""
    assert [node for node in objects_of(built) if "default" in node] == []


def test_known_corrections(built: Any) -> None:
    """The built document contains the corrections that users rely on."""
    schemas = built["components"]["schemas"]

    assert "poll" in schemas["WebhookType"]["enum"]
    assert "null" in schemas["UpdateWebhookRequest"]["properties"]["valid_until"]["type"]
    assert {"webhook_id", "signing_secret"} <= schemas["CreatedWebhook"]["properties"].keys()
    assert {"code", "message", "error", "status"} <= schemas["ErrorBody"]["properties"].keys()
    assert "required" not in schemas["AcceptedMessage"]
