"""The overlay drops what the document now contains, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from openapi.build import build
from openapi.nodes import transformed
from openapi.obsolete import applied
from openapi.overlay import apply_overlay

if TYPE_CHECKING:
    from tests.openapi.conftest import Workspace

OVERLAY = """\
overlay: 1.0.0
x-sources:
  a page:
    title: A page
  a guide:
    title: A guide
actions:
# ---- Names ----
- {target: $.fields.kind, update: {title: Kind}}

# Colors.
- target: $.fields
  update:
    color: &color
      title: Color
      type: string
      nullable: true
      enum: [red, null]
      description: >-
        The color
        of it
      x-beyond: a page
    size: {type: integer, x-beyond: a guide}
# The same.
- target: $.others
  update:
    color: *color

# Shapes.
- {target: $.fields, update: {shape: {type: string, x-beyond: a guide}, form: {type: string, x-beyond: a guide}}}
"""
COLOR: Any = {"type": ["string", "null"], "enum": ["red", None], "description": "Any color"}


def edited(fields: Any, others: Any) -> tuple[str, list[str]]:
    """Edit the overlay for a document with these fields."""
    document = {"fields": {"kind": {"enum": ["a"]}, **fields}, "others": others}
    return applied(OVERLAY, document)


def test_nothing_is_obsolete() -> None:
    """An overlay that only adds what the document lacks does not change."""
    assert edited({}, {}) == (OVERLAY, [])


def test_differences_stay() -> None:
    """An addition that differs from the document is left for a person to decide."""
    assert edited({"color": {"type": "string"}}, {"color": {"type": "integer"}}) == (OVERLAY, [])


def test_a_part() -> None:
    """Part of an action is removed with its lines, but the names that it gave stay."""
    text, told = edited({"color": COLOR, "size": {"type": "string"}}, {"color": COLOR})

    assert told == [
        "action 3: /others/color: the document has it, and says the same",
        "action 2: /fields/color: the document has it, and says the same",
        "x-sources: nothing is marked `x-beyond: a page`",
    ]
    assert text == OVERLAY.replace("  a page:\n    title: A page\n", "").replace(
        OVERLAY[OVERLAY.index("    color: &color") : OVERLAY.index("\n# Shapes")],
        "    size: {type: integer, x-beyond: a guide}\n"
        '- {"target": "$.fields.color", "update": {"title": "Color"}}\n'
        "# The same.\n"
        '- {"target": "$.others.color", "update": {"title": "Color"}}\n',
    )


def test_an_anchor_that_is_needed() -> None:
    """A part with an anchor that another action uses stays, so that the file remains valid."""
    text, told = edited({"color": COLOR}, {})

    assert (text, told) == (OVERLAY, [])


def test_a_part_of_a_line() -> None:
    """A part that shares its line with others is left for a person to remove."""
    assert edited({"shape": {"type": "string"}}, {}) == (OVERLAY, [])


def test_an_action() -> None:
    """An action that changes nothing is removed with its comment, unless the comment also covers the next action."""
    text, told = edited({"shape": {"type": "string"}, "form": {"type": "string"}, "kind": {"title": "Kind"}}, {})

    assert told == ["action 1, $.fields.kind: changes nothing"]
    assert text == OVERLAY.replace("# ---- Names ----\n- {target: $.fields.kind, update: {title: Kind}}\n", "")


def test_the_overlay_of_the_client(published: Any, overlay: Any, built: Any) -> None:
    """Once the document has everything that we add, the overlay adds nothing, and the same package is built."""
    text = yaml.safe_dump(overlay, sort_keys=False)
    additions = {"actions": [each for each in overlay["actions"] if "x-beyond" in str(each)]}
    document = without_marks(apply_overlay(copy.deepcopy(published), additions)[0])

    fresh = yaml.safe_load(applied(text, document)[0])

    assert "x-beyond" not in json.dumps(fresh["actions"])
    assert build(document, fresh)["paths"].keys() == built["paths"].keys()


def without_marks(document: Any) -> Any:
    """Return a document without our marks and names."""
    return transformed(document, lambda node: {key: node[key] for key in node if key not in ("x-beyond", "title")})


ADDITION = """\
- target: $.components.schemas.TypingResponse.properties
  update:
    reason: {type: string, description: Why not, x-beyond: SOURCE}
"""


@pytest.mark.parametrize("arguments", [[], ["--apply"]])
def test_candidate(workspace: Workspace, published: Any, overlay: Any, arguments: list[str]) -> None:
    """`make candidate` offers the edits and writes them with APPLY=1, and nothing else changes if it stops."""
    properties = published["components"]["schemas"]["TypingResponse"]["properties"]
    properties["reason"] = {"type": "string", "description": "Why there is no indicator"}
    properties["mood"] = {"type": "string", "enum": ["good"]}
    (workspace.root / "new.json").write_text(json.dumps(published), "utf-8")
    with (workspace.root / "openapi" / "overlay.yaml").open("a", encoding="utf-8") as file:
        file.write(ADDITION.replace("SOURCE", next(iter(overlay["x-sources"]))))
    before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}

    done = workspace.run("scripts/candidate.py", "new.json", *arguments)

    number = len(overlay["actions"]) + 1
    told = (
        f"action {number}: /components/schemas/TypingResponse/properties/reason: the document has it, and says the same"
    )
    assert told in done.stdout
    assert ("APPLY=1 makes 1 edits to the overlay" in done.stdout) is (not arguments)
    assert ("has /components/schemas/TypingResponse/properties/reason now" in done.stderr) is (not arguments)
    changed = [path.name for path, content in before.items() if path.read_bytes() != content]
    assert changed == (["overlay.yaml"] if arguments else [])
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"\nNo candidate was made, and nothing{' but the overlay' * len(arguments)} was changed. To fix:\n- "
    )
    assert "- /components/schemas/TypingResponse/properties/mood" in done.stderr
