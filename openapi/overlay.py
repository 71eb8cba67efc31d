"""OpenAPI Overlay 1.0, applied strictly: an action that does nothing is a problem, since the document has moved on."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import jsonpath

from openapi.nodes import Json, Node, is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator


def apply_overlay(document: Node, overlay: Node) -> tuple[Node, list[str]]:
    """The document after every action, and a problem for each action that does not fit."""
    holder = {"$": document}  # so that an action may replace the document itself
    problems = [
        f"action {number}, {action.get('target')}: {problem}"
        for number, action in enumerate(overlay["actions"], 1)
        for problem in _applied(holder, action)
    ]
    return holder["$"], problems


def _applied(holder: Node, action: Node) -> Iterator[str]:
    if "target" not in action or ("update" in action) == bool(action.get("remove")):
        yield "is no action. Write a target, and either an update or `remove: true`."
        return
    try:
        places = [("$", *match.parts) for match in jsonpath.finditer(action["target"], holder["$"])]
    except jsonpath.JSONPathError as error:
        yield f"its target is no JSONPath ({error.args[0]}). Mend it."
        return
    # A list, and not a generator: any() would stop at the first place that changes.
    changed = [_changes(holder, action, place) for place in reversed(places)]
    if not places:
        yield "matches nothing. Mend its target, or remove the action."
    elif not any(changed):
        yield "changes nothing, the document says so itself now. Remove the action."


def _changes(holder: Node, action: Node, place: tuple[str | int, ...]) -> bool:
    parent: Json = holder
    *steps, last = place
    for key in steps:
        parent = parent[key]
    if action.get("remove"):
        del parent[last]
        return True
    before = parent[last]
    parent[last] = merged(before, action["update"])
    return bool(parent[last] != before)


def merged(target: Json, update: Json) -> Json:
    """Overlay 1.0, 4.4.3: objects merge, arrays concatenate (here without repeats), anything else is replaced."""
    if is_object(target) and is_object(update):
        both = {key: merged(target[key], update[key]) for key in update if key in target}
        return {**target, **copy.deepcopy(update), **both}
    if is_array(target):
        new = update if is_array(update) else [update]
        return target + [item for item in copy.deepcopy(new) if item not in target]
    return copy.deepcopy(update)
