from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from openapi.intake import read_document
from openapi.problems import BuildError
from openapi.wire import changes_between, report
from openapi.wire_rules import operations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.openapi.conftest import Workspace

TYPING, MESSAGES, GROUPS = "/chats/{chatId}/typing", "/chats/{chatId}/messages", "/groups"


def break_users(document: Any) -> list[tuple[str, str]]:
    """Make changes that break users, and return for each one its operation and the words that must describe it."""
    paths, components = document["paths"], document["components"]
    schemas, request = components["schemas"], components["schemas"]["SendMessageRequest"]
    document["info"]["version"] += ".1"
    del paths[TYPING]
    del paths["/chats/{chatId}/background"]["delete"]
    del schemas["Message"]["properties"]["text"]
    request["required"] = ["text"]
    components["parameters"]["OffsetParam"]["required"] = True
    schemas["Group"]["properties"]["member_count"]["type"] = "string"
    paths["/contacts"]["get"]["parameters"][3]["schema"]["enum"].remove("name_desc")
    del paths[MESSAGES]["post"]["responses"]["200"]
    paths[GROUPS]["get"]["operationId"] = "fetchGroups"
    gone = components["responses"]["NotFound"]["content"]["application/json"]
    gone["schema"] = {"$ref": "#/components/schemas/DeleteResponse"}
    request["properties"]["attachments"]["items"]["oneOf"][1]["properties"]["url"]["type"] = "integer"
    tenant = {"name": "tenant", "in": "query", "required": True, "description": "x", "schema": {"type": "string"}}
    paths["/me"]["parameters"] = [tenant]
    schemas["MessageDetail"]["properties"]["status"]["enum"].append("lost")
    return [
        ("POST " + TYPING, "breaks users: Endpoint completely removed"),
        ("DELETE " + TYPING, "breaks users: Endpoint completely removed"),
        ("DELETE /chats/{chatId}/background", "breaks users: HTTP method removed"),
        (
            "GET " + MESSAGES,
            "breaks users: response 200, field 'messages'[] > field 'text': Field 'text' has been removed",
        ),
        ("POST " + MESSAGES, "breaks users: request body > field 'text': Field 'text' is now required."),
        ("listChats", "breaks users: parameter 'offset': Parameter 'offset' is now required."),
        ("GET /groups/{groupId}", "breaks users: response 200, field 'member_count': Data type changed"),
        ("GET /contacts", "breaks users: parameter 'sort': Enum values removed: ['name_desc']."),
        ("POST " + MESSAGES, "breaks users: Response '200' has been removed"),
        ("GET " + GROUPS, "breaks users: operationId: listGroups was renamed to fetchGroups."),
        ("getChat 404", "breaks users: field 'error': Field 'error' has been removed"),
        ("POST " + MESSAGES, "field 'alternative object' > field 'url': Data type changed: 'string' -> 'integer'."),
        ("GET /me", "breaks users: New required parameter added: 'tenant' (query)."),
        (
            "GET " + MESSAGES + "/{messageId}",
            "harmless: response 200, field 'status': New enum values added: ['lost'].",
        ),
    ]


def told_of(text: str) -> dict[str, str]:
    """Return the contents of a report, by operation."""
    sections = [section.partition("\n") for section in text.split("\n\n")]
    return {heading: lines for heading, _, lines in sections}


def assert_tells(text: str, expected: list[tuple[str, str]]) -> None:
    """Fail on the first change that is missing from a report."""
    sections = told_of(text)
    for operation, words in expected:
        headings = [each for each in sections if each.startswith(operation + " (") or f"{operation}," in f"{each},"]

        assert any(words in sections[heading] for heading in headings), (operation, words)


def test_breaking_changes(workspace: Workspace, published: Any) -> None:
    """A document with breaking changes is imported, each change listed by operation, and the package regenerated."""
    version, count = published["info"]["version"], len(operations(published))
    expected = break_users(published)
    new = workspace.root / "new.json"
    new.write_bytes(content := json.dumps(published, indent=3).encode())

    done = workspace.run("openapi/update.py", new)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Version {version} -> {version}.1. breaks users: ")
    assert_tells(done.stdout, expected)
    assert content == (workspace.root / "openapi" / "blooio-v2.json").read_bytes()
    line = f"Version {version}.1, {count - 3} operations, sha256 `{hashlib.sha256(content).hexdigest()}`."
    assert line in (workspace.root / "openapi" / "README.md").read_text("utf-8").splitlines()
    assert "def fetch_groups(" in (workspace.root / "blooio_client" / "calls.py").read_text("utf-8")


def test_overlay_does_not_fit(workspace: Workspace, published: Any) -> None:
    """If the overlay does not fit, every place is listed, and nothing is regenerated."""
    del published["paths"]["/chats"]
    published["components"]["schemas"]["Message"]["properties"]["mood"] = {"type": "string", "enum": ["good"]}
    (workspace.root / "new.json").write_text(json.dumps(published), "utf-8")
    before = (workspace.root / "blooio_client" / "calls.py").read_bytes()

    done = workspace.run("openapi/update.py", "new.json")

    assert done.returncode == 1
    assert "GET /chats (listChats)\n  breaks users: Endpoint completely removed: /chats" in done.stdout
    assert "overlay.yaml does not fit blooio-v2.json. To fix:\n- action " in done.stderr
    assert "$.paths['/chats'].get.responses['200']..schema: matches nothing." in done.stderr
    assert "- /components/schemas/Message/properties/mood: an inline enum without a name." in done.stderr
    assert done.stderr.endswith("Nothing was regenerated. Fix this, then run `make generate`.\n")
    assert json.dumps(published) == (workspace.root / "openapi" / "blooio-v2.json").read_text("utf-8")
    assert before == (workspace.root / "blooio_client" / "calls.py").read_bytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"<html>", "the file is a web page"),
        (b"[]", "it has no object at its root"),
        (b"null", "it has no object at its root"),
        (b'{"paths": {}}', "/openapi: None is not supported"),
        (b'{"paths": [], "info": {}}', "/info/version: the version is missing or not a string"),
        (b'{"swagger": "2.0"}', "/swagger: Swagger 2.0 is not supported"),
        (b'{"a": 1, "a": 2}', "one object has the key 'a' twice"),
        (b'{"a": ', "is cut off"),
        (b"a: [", "the file is neither JSON nor YAML"),
        (b"a: 1\na: 2", "one object has the key 'a' twice"),
        (b"\xff", "byte 0 is not utf-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_not_a_document(content: bytes, told: str) -> None:
    """A file that is not an OpenAPI document is rejected with the reason."""
    with pytest.raises(BuildError) as raised:
        read_document(content)

    assert any(told in problem for problem in raised.value.problems)


def test_a_rejected_file_changes_nothing(workspace: Workspace) -> None:
    """If the file is not an OpenAPI document, the current one stays."""
    (workspace.root / "new.json").write_bytes(b"<html>")
    before = (workspace.root / "openapi" / "blooio-v2.json").read_bytes()

    done = workspace.run("openapi/update.py", "new.json")

    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "is not an OpenAPI document that can be used, and nothing was changed:\n- the file is a web page" in done.stderr
    )
    assert before == (workspace.root / "openapi" / "blooio-v2.json").read_bytes()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("components/schemas/Message/properties", None, "must be an object, not null"),
        ("components/schemas/Empty", None, "must be an object, not null"),
        ("components/schemas/Message/properties/text/required", True, "must be a list of fields, not true"),
        ("components/schemas/Message/oneOf", None, "must be a list, not null"),
        ("paths/~1me/get", None, "must be an object, not null"),
        ("paths/~1me/get/parameters", None, "must be a list or an object, not null"),
        ("paths/~1me/get/responses/200", None, "must be an object, not null"),
    ],
)
def test_misshapen_keywords(published: Any, path: str, value: Any, told: str) -> None:
    """A keyword with a value of another type is listed with its place, not with a traceback."""
    *steps, last = [step.replace("~1", "/") for step in path.split("/")]
    node = published
    for step in steps:
        node = node[step]
    node[last] = value

    with pytest.raises(BuildError) as caught:
        read_document(json.dumps(published).encode())

    assert caught.value.problems == [f"/{path}: {told}. Correct it in a copy of the file."]


def test_half_of_a_character(published: Any) -> None:
    """A lone surrogate, which no file in UTF-8 can contain, is found by the text before it."""
    published["paths"]["/me"]["get"]["summary"] = "Get it \ud83d"

    with pytest.raises(BuildError, match=r"half of a character .* follows .*Get it '\. Correct it"):
        read_document(json.dumps(published).encode())


def test_arguments(workspace: Workspace) -> None:
    """A missing argument or file is an error that changes nothing."""
    assert workspace.process("-m", "openapi.update").stderr == "usage: make update DOCUMENT=path\n"
    assert "nothing was changed" in workspace.run("openapi/update.py", "gone.json").stderr


def test_same_document(workspace: Workspace) -> None:
    """Importing the current document again changes nothing, even from a read-only file."""
    before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}
    (workspace.root / "openapi" / "blooio-v2.json").chmod(0o444)

    done = workspace.run("openapi/update.py", "openapi/blooio-v2.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("This is already the current document.")
    assert before == {path: path.read_bytes() for path in before}


def test_report_is_deterministic(tmp_path: Path, workspace: Workspace, published: Any) -> None:
    """The report does not depend on PYTHONHASHSEED."""
    break_users(published)
    del published["components"]["schemas"]["Error"]["properties"]["status"]  # in several responses of each operation
    (tmp_path / "new.json").write_text(json.dumps(published), "utf-8")

    reports = {
        workspace.process("-m", "openapi.wire", "openapi/blooio-v2.json", "new.json", hash_seed=seed).stdout
        for seed in ("1", "2", "3")
    }

    assert [len(each) > 1000 for each in reports] == [True]


def test_nothing_changed(published: Any) -> None:
    """Equal documents have no differences, and the report says so."""
    assert changes_between(published, copy.deepcopy(published)) == []
    assert report(published, copy.deepcopy(published)).endswith("\n\nNo place differs.")


def test_every_place(published: Any) -> None:
    """Every difference is listed, including those without a rule, and new limits."""
    new = copy.deepcopy(published)
    new["tags"][0]["description"] = "Other words"
    new["components"]["schemas"]["SendMessageRequest"]["properties"]["text"]["maxLength"] = 10
    new["paths"]["/me"]["get"]["responses"]["200"]["description"] = "Other words"
    del new["components"]["schemas"]["Message"]["properties"]["error"]

    assert report(published, new).splitlines()[-5:] == [
        "Every place that differs (+ new, - gone, ~ changed):",
        "  ~ /tags/0/description",
        "  ~ /paths/~1me/get/responses/200/description",
        "  - /components/schemas/Message/properties/error",
        "  + /components/schemas/SendMessageRequest/properties/text/maxLength (a new limit may break users)",
    ]


def test_dangling_reference(published: Any) -> None:
    """A dangling reference does not prevent the report; the build lists it."""
    new = copy.deepcopy(published)
    del new["components"]["parameters"]["LimitParam"]

    assert ("GET /chats", "may break users", "Parameter 'limit' (query) has been removed.", "") in changes_between(
        published, new
    )
