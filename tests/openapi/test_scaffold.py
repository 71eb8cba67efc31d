"""`make scaffold` writes stubs that fail until they are completed, and lists the remaining ones."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from openapi.todo import TABLE, gaps
from tests.openapi.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.openapi.conftest import Workspace

SCHEDULE: Any = {
    "post": {
        "operationId": "scheduleMessage",
        "summary": "Schedule a message",
        "parameters": [{"name": "chatId", "in": "path", "required": True, "schema": {"type": "string"}}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Schedule"}}},
        },
        "responses": {
            "201": {
                "description": "Scheduled",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Contact"}}},
            }
        },
    }
}
BODY: Any = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "at": {"type": "integer", "description": "When it is sent. " + "Or later. " * 20},
        "text": {"type": "string"},
    },
}


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    """A workspace whose document has a new operation."""
    for name in ("overrides/blooio_overrides", "cli/blooio_cli", "sandbox/blooio_sandbox/api", "tests/typing"):
        shutil.copytree(ROOT / name, workspace.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    document = built(workspace.root)
    document["paths"]["/chats/{chatId}/scheduled"] = SCHEDULE
    document["components"]["schemas"]["Schedule"] = BODY
    (workspace.root / "sandbox/blooio_sandbox/openapi.json").write_text(json.dumps(document), "utf-8")
    return workspace


def built(root: Path) -> Any:
    """Return the document of a workspace."""
    return json.loads((root / "sandbox/blooio_sandbox/openapi.json").read_bytes())


def left(root: Path) -> list[str]:
    """Return the remaining stubs of the new operation."""
    return [line for line in gaps(built(root), root) if line.startswith("scheduleMessage: ")]


def test_scaffold(house: Workspace) -> None:
    """The row, method, handler and types are written, and each is listed until it is completed."""
    before = len(left(house.root))

    done = house.process("scripts/scaffold.py", "scheduleMessage")

    assert (done.returncode, done.stderr, before) == (0, "", 3)
    assert "client.chat().schedule_message, next to getChat" in done.stdout
    assert left(house.root) == [
        f"scheduleMessage: decide whether it may be repeated, and which method sends it ({TABLE})",
        "scheduleMessage: write the method (overrides/blooio_overrides/_async/conversation.py)",
        "scheduleMessage: write its handler (sandbox/blooio_sandbox/api/chats.py)",
    ]
    written = (house.root / "overrides/blooio_overrides/_async/conversation.py").read_text("utf-8")
    assert 'Source: scheduleMessage\n        """\n        raise NotImplementedError("decide")' in written
    assert "text: str,\n        at: int | Unset = UNSET," in written
    assert max(map(len, written.splitlines())) <= 120
    pinned = (house.root / "tests/typing/schedule_message.py").read_text("utf-8")
    assert 'assert_type(await chat.schedule_message(text="text"), models.Contact)' in pinned


def test_filled_in(house: Workspace) -> None:
    """Nothing is listed once every stub is completed."""
    house.run("scripts/scaffold.py", "scheduleMessage", "chat().schedule", "getChat")
    for line in left(house.root):
        path = house.root / line.rpartition(" (")[2].rstrip(")")
        text = path.read_text("utf-8")
        path.write_text(re.sub(r'raise NotImplementedError\("decide"\)|"decide"', '"decided"', text), "utf-8")

    assert left(house.root) == []


@pytest.mark.parametrize(
    ("content", "result"),
    [
        ({}, "None"),
        ({"text/csv": {}}, "str"),
        ({"image/png": {}}, "bytes"),
        ({"application/json": {"schema": {"type": "object"}}}, "Any"),
        (
            {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Contact"}}}},
            "list[models.Contact]",
        ),
    ],
)
def test_other_shapes(house: Workspace, content: Any, result: str) -> None:
    """Any result has a type, and names and texts that are not Python become Python."""
    document = built(house.root)
    operation = document["paths"]["/chats/{chatId}/scheduled"]["post"]
    operation["responses"] = {"200": {"description": "Fine", "content": content}}
    operation["summary"] = 'Schedule """it"""\n\nlater'
    for name in ("from", "filter[kind]", "2fa"):
        operation["parameters"].append(
            {"name": name, "in": "query", "description": "C:\\new", "schema": {"type": "string"}}
        )
    (house.root / "sandbox/blooio_sandbox/openapi.json").write_text(json.dumps(document), "utf-8")

    done = house.run("scripts/scaffold.py", "scheduleMessage")

    assert (done.returncode, done.stderr) == (0, "")
    written = (house.root / "overrides/blooio_overrides/_async/conversation.py").read_text("utf-8")
    compile(written, "conversation.py", "exec")
    for name in ("from_", "filter_kind", "field_2fa"):
        assert f"        {name}: str | Unset = UNSET,\n" in written
    pinned = (house.root / "tests/typing/schedule_message.py").read_text("utf-8")
    assert f'assert_type(await chat.schedule_message(text="text"), {result})' in pinned


@pytest.mark.parametrize(
    ("operation", "reason"),
    [("getMe", "already has a row"), ("noSuchThing", "no operation of"), ("", "no operation of")],
)
def test_nothing_to_scaffold(house: Workspace, operation: str, reason: str) -> None:
    """An operation that exists already, or is not in the document, prints one line."""
    done = house.run("scripts/scaffold.py", operation)

    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
