"""The report on a candidate, for reviewers and for programs."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from openapi.surface import Difference, suggested
from openapi.wire import changes_between, report
from openapi.wire_rules import BREAKS, MAY_BREAK, operations

if TYPE_CHECKING:
    from openapi.nodes import Node

LEVELS = {BREAKS: "major", MAY_BREAK: "minor"}


def findings(
    old: Node, new: Node, overlay: Node, *, python: list[Difference], todo: list[str], version: str
) -> dict[str, Any]:
    """Return the report on a candidate as JSON."""
    names = {**operations(new), **operations(old)}
    wire = [
        {
            "id": sha256(f"{change.part} {change.responses} {change.text}".encode()).hexdigest()[:12],
            "place": names.get(change.part, change.part),
            "level": LEVELS.get(change.verdict, "patch"),
            "text": f"{change.verdict}: {change.text}",
        }
        for change in changes_between(old, new)
    ]
    levels = [*(str(each["level"]) for each in wire), *(each.level for each in python)]
    return {
        "from": old["info"]["version"],
        "to": new["info"]["version"],
        "suggested_version": suggested(version, levels),
        "wire": wire,
        "python": [each._asdict() for each in python],
        "hidden": hidden(overlay),
        "todo": todo,
    }


def hidden(overlay: Node) -> list[str]:
    """Return what the overlay hides from users: removals and replacements."""
    removed = [f"removes {each['target']}" for each in overlay["actions"] if each.get("remove")]
    replaced = [
        f"replaces {json.dumps(each['x-replaces'], ensure_ascii=False)} at {each['target']}"
        for each in overlay["actions"]
        if "x-replaces" in each
    ]
    return removed + replaced


def markdown(found: dict[str, Any], old: Node, new: Node) -> str:
    """Return the report for reviewers, which is also the text of the pull request."""
    python = [f"{each['level']}: {each['text']}" for each in found["python"]]
    breaks = [each["text"] for each in found["python"] if each["level"] == "major"]
    gains = [each["text"] for each in found["python"] if each["level"] == "minor"]
    draft = [
        *(["### Changed", *_items(breaks)] if breaks else []),
        *(["### Added", *_items(gains)] if gains else []),
    ]
    return "\n\n".join(
        [
            f"# Blooio API {found['from']} -> {found['to']}",
            f"Suggested version: {found['suggested_version']}",
            "## To do\n\n" + _listed(found["todo"]),
            "## Python API\n\n" + _listed(python),
            "## On the wire\n\n```text\n" + report(old, new) + "\n```",
            "## What the overlay hides\n\n" + _listed(found["hidden"]),
            "## Draft for the changelog\n\n" + ("\n".join(draft) or "Nothing that users will notice."),
        ]
    ) + "\n"  # fmt: skip


def _items(lines: list[str]) -> list[str]:
    return [f"* {line}" for line in lines]


def _listed(lines: list[str]) -> str:
    return "\n".join(_items(lines)) or "Nothing."
