"""Find moved operations and renamed schemas between two documents."""

from __future__ import annotations

import copy
import json

from openapi.nodes import METHODS, PREFIX, Node, is_object
from openapi.problems import action as written


def moves(old: Node, new: Node) -> dict[str, str]:
    """Return the new path of each operation that moved, and the new name of each component schema that was renamed."""
    return {**moved_paths(old, new), **renamed_schemas(old, new)}


def moved_paths(old: Node, new: Node) -> dict[str, str]:
    """Return the new path of each removed path, by the operationIds of its operations."""
    homes = {operation: path for path, operations in _operations(new).items() for operation in operations}
    before, after = _operations(old), _operations(new)
    return {
        path: homes[operation]
        for path, operations in before.items()
        for operation in operations
        if path not in after and operation in homes
    }


def _operations(document: Node) -> dict[str, list[str]]:
    return {
        path: [
            item[method]["operationId"]
            for method in METHODS
            if is_object(item.get(method)) and "operationId" in item[method]
        ]
        for path, item in document.get("paths", {}).items()
        if is_object(item)
    }


def renamed_schemas(old: Node, new: Node) -> dict[str, str]:
    """Return the new name of each removed component schema, if a new one has the same content."""
    before, after = (document.get("components", {}).get("schemas", {}) for document in (old, new))
    came = {_content(name, after): name for name in after if name not in before}
    return {
        name: came[_content(name, before)] for name in before if name not in after and _content(name, before) in came
    }


def _content(name: str, schemas: Node) -> str:
    """Return the content of a schema as text, in which a reference to itself has no name."""
    return json.dumps(schemas[name], sort_keys=True).replace(f'"{PREFIX}{name}"', '"#"')


def retargeted(action: Node, moved: dict[str, str]) -> str:
    """Return an action with the new place of its target, ready to paste, or nothing if that is unknown."""
    for old, new in moved.items():
        for quoted in (f"['{old}'", f"'{old}']", f".schemas.{old}"):
            if quoted in action["target"]:
                target = action["target"].replace(quoted, quoted.replace(old, new))
                again = copy.deepcopy({**action, "target": target})
                return f" It is called {new} now:\n- " + json.dumps(again, ensure_ascii=False)
    return ""


def naming(new: str, old: str) -> str:
    """Return the action that keeps the old name of a component schema that was renamed."""
    return written(f"/components/schemas/{new}", {"title": old})
