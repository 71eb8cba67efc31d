"""OpenAPI Overlay 1.0, applied strictly: an action that no longer has its original effect is a problem.

Three keywords of our own record what an action was written for: `x-matches` is the number of places that it matches, if
not one; `x-replaces` is the value of the document that it replaces; and `x-beyond` marks an addition that the document
lacks with its source, one of the overlay's `x-sources`.
"""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import TYPE_CHECKING

import jsonpath

from openapi.moved import moves, retargeted
from openapi.nodes import MAPS, PREFIX, Json, Node, escaped, is_array, is_object, merged, objects_of, transformed
from openapi.normal import allows_null, followed, modern, with_null
from openapi.problems import action as written
from openapi.suggestions import naming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Place = tuple[str | int, ...]
WORDS = frozenset({"title", "description", "summary", "example", "x-beyond"})
"""Keywords that may differ between our addition and the same one in the document."""


def apply_overlay(document: Node, overlay: Node, before: Node | None = None) -> tuple[Node, list[str]]:
    """Apply every action, and return the document with a problem for each action that does not fit.

    Args:
        document: The document to change.
        overlay: The actions.
        before: The document that the overlay was written for; with it, problems say what is new.
    """
    actions: list[Node] = overlay["actions"]
    before = None if before == document else before  # then nothing is new
    holder, known = {"$": document}, Known(before, actions)  # an action may replace the document itself
    moved = moves(before, document) if before else {}
    problems = list[str]()
    for number, action in enumerate(actions):
        for problem in _applied(holder, action, partial(known.places, number), moved):
            problems.append(f"action {number + 1}, {action.get('target')}: {problem}")
    return holder["$"], problems


class Known:
    """The document that the overlay was written for, to which actions are applied only if there is a problem."""

    def __init__(self, before: Node | None, actions: list[Node]) -> None:
        self._holder, self._actions, self._applied = {"$": copy.deepcopy(before)}, actions, 0

    def places(self, number: int) -> list[Place]:
        """Return the places that an action matched."""
        for action in self._actions[self._applied : number]:
            for place in reversed(matched(self._holder, action)):
                changes(self._holder, action, place)
        self._applied = number
        return matched(self._holder, self._actions[number])


def unsourced(overlay: Node) -> Iterator[str]:
    """Yield a problem for each mark `x-beyond` whose source is not listed, and for each source without a mark."""
    sources: Node = overlay.get("x-sources", {})
    marked = [node for node in objects_of(overlay["actions"]) if "x-beyond" in node]
    used = list(dict.fromkeys(node["x-beyond"] for node in marked))
    for node in marked:
        if not {"description", "target"} & node.keys():  # docs/beyond.md says what each addition is
            yield f"x-beyond: {_short(node)} has no description. Write one."
    for source in used:
        if source not in sources:
            yield f"x-beyond: {source!r} is not among x-sources. Add it there, with what it is and when it was read."
    for source in sources:
        if source not in used:
            yield f"x-sources: nothing is marked `x-beyond: {source}`. Remove the source."


def matched(holder: Node, action: Node) -> list[Place]:
    """Return the places that an action matches; none for one that cannot be read."""
    if holder["$"] is None or _is_malformed(action):
        return []
    try:
        return _matches(holder, action)
    except jsonpath.JSONPathError:
        return []


def _matches(holder: Node, action: Node) -> list[Place]:
    return [("$", *match.parts) for match in jsonpath.finditer(action["target"], holder["$"])]


def _is_malformed(action: Node) -> bool:
    return "target" not in action or ("update" in action) == bool(action.get("remove"))


def _applied(holder: Node, action: Node, known: Callable[[], list[Place]], moved: dict[str, str]) -> Iterator[str]:
    if _is_malformed(action):
        yield "is not an action. Write a target, and either an update or `remove: true`."
        return
    try:
        places = _matches(holder, action)
    except jsonpath.JSONPathError as error:
        yield f"its target is not a JSONPath ({error.args[0]}). Fix it."
        return
    if not places:
        again = retargeted(action, moved) or _in_place(holder, action, known())
        yield f"matches nothing. Fix its target, or remove the action.{again}"
        return
    if len(places) != action.get("x-matches", 1):
        yield _miscounted(holder, action, places, known())
    if "update" in action:
        yield from _overwrites(holder, action, places)
    # A list, since any() on a generator would stop at the first place that changes.
    changed = [changes(holder, action, place) for place in reversed(places)]
    if not any(changed):
        yield "changes nothing, since the document has it now. Remove the action."


def _in_place(holder: Node, action: Node, known: list[Place]) -> str:
    """Return actions for the places that an action matched before, which still exist but look different."""
    places = [place for place in known if _exists(holder, place)]
    cures = [written(pointer_to(place), action["update"]) for place in places if "update" in action]
    return "\n".join([" Where it matched before:", *cures]) if cures else ""


def _exists(holder: Node, place: Place) -> bool:
    try:
        at(holder, place)
    except LookupError:
        return False
    return True


# ---- What an action was written for -----------------------------------------------------------------------------


def _miscounted(holder: Node, action: Node, places: list[Place], known: list[Place]) -> str:
    recorded = action.get("x-matches", 1)
    new = [place for place in places if place not in known] if known else []
    gone = [pointer_to(place) for place in known if place not in places]
    difference = f" New: {', '.join(map(pointer_to, new))}." if new else ""
    difference += f" Gone: {', '.join(gone)}." if gone else ""
    again = json.dumps({**action, "x-matches": len(places)}, ensure_ascii=False)
    others = [cure for place in new for cure in _otherwise(holder, action, place)]
    return (
        f"matches {_counted(len(places))}, and {recorded} recorded.{difference} If it is right for "
        f"each of them, write:\n- {again}"
        + ("\nFor each place where it is wrong, add an action above this one:\n" + "\n".join(others) if others else "")
    )


def _otherwise(holder: Node, action: Node, place: Place) -> Iterator[str]:
    """Return the action that prevents this one from changing a place."""
    update = action.get("update", {})
    if "x-time" in update:
        yield written(pointer_to(place), {"x-time": "none"})
    elif "title" in update:
        yield naming(holder["$"], pointer_to(place), at(holder, place))


def _counted(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"


def _overwrites(holder: Node, action: Node, places: list[Place]) -> Iterator[str]:
    found, used = list[tuple[str, Place, Json, Json]](), list[Json]()
    for place in places:
        target = at(holder, place)
        found.extend(_clashes(target, action["update"], action.get("x-replaces"), place, used))
    for kind, place, old, new in found:
        if kind == "reference":
            yield _beside_reference(place, old, new)
        elif kind == "beyond":
            yield _official(holder["$"], place, old, new)
    replaced = [(place, old, new) for kind, place, old, new in found if kind == "replaced"]
    if replaced:
        overwritten = "; ".join(
            f"{pointer_to(at)} is {_short(old)} in the document, and {_short(new)} here" for at, old, new in replaced
        )
        record = _recording(action, places, [(at, old) for at, old, _ in replaced])
        yield f"{overwritten}. Remove the action, or record what it replaces:\n{record}"
    if "x-replaces" in action and not used and not replaced:
        yield "the document no longer says what `x-replaces` records. Remove `x-replaces`, or the action."


def _clashes(
    target: Json, update: Json, replaces: Json, place: Place, used: list[Json]
) -> Iterator[tuple[str, Place, Json, Json]]:
    if is_object(update) and "x-beyond" in update and "x-beyond" not in target:
        yield "beyond", place, target, update
    elif is_object(target) and is_object(update):
        if "$ref" in target and update.keys() - target.keys():
            yield "reference", place, target, update
            return
        for key in update.keys() & target.keys():
            stated = replaces.get(key) if is_object(replaces) else None
            yield from _clashes(target[key], update[key], stated, (*place, key), used)
    elif is_array(target) or target == update:
        return
    elif replaces is not None and replaces == target:
        used.append(target)
    else:
        yield "replaced", place, target, update


def _beside_reference(place: Place, target: Node, update: Node) -> str:
    cure = written(target["$ref"].removeprefix("#"), update)
    return (
        f"{pointer_to(place)} is a $ref, and keys next to it are ignored. Target the referenced schema instead:\n{cure}"
    )


def _official(document: Node, place: Place, target: Json, update: Node) -> str:
    """Report that the document now has our addition, and how to keep our names for it."""
    pointer = pointer_to(place)
    differences = list(differences_of(document, target, update))
    comparison = "says the same" if not differences else "differs: " + "; ".join(differences)
    kept = [written(where, {"title": title}) for where, title in titles(target, update, pointer)]
    keep = "\n".join([" Keep our names:", *kept]) if kept else ""
    return f"the document has {pointer} now, and {comparison}. Remove it from the action.{keep}"


def differences_of(document: Node, theirs: Json, ours: Json) -> Iterator[str]:
    """Yield the differences between the document and our addition, except for descriptions and examples."""
    return _different(document, theirs, transformed(ours, modern))  # an action may use 3.0 syntax


def _different(document: Node, theirs: Json, ours: Json, where: str = "", *, is_map: bool = False) -> Iterator[str]:
    if is_object(theirs) and is_object(ours):
        theirs, ours = (each if is_map else _whole(document, each) for each in (theirs, ours))
        for key in dict.fromkeys([*ours, *theirs]):
            place = f"{where}/{escaped(key)}"
            if key in WORDS and not is_map:
                continue
            if key not in theirs or key not in ours:
                yield f"{place} only {'ours' if key in ours else 'theirs'}"
            else:
                yield from _different(document, theirs[key], ours[key], place, is_map=not is_map and key in MAPS)
    elif is_array(theirs) and is_array(ours) and len(theirs) == len(ours) and all(map(is_object, [*theirs, *ours])):
        for index, (one, two) in enumerate(zip(theirs, ours, strict=True)):
            yield from _different(document, one, two, f"{where}/{index}")
    elif theirs != ours:
        yield f"{where or 'it'} is {_short(theirs)}, ours {_short(ours)}"


def _whole(document: Node, node: Node) -> Node:
    """Return the target of a reference, with null if it is allowed."""
    found = followed(document, node)
    return with_null(found) if allows_null(node) else found


def titles(target: Json, update: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """Return our titles for what the document leaves unnamed, or names differently, by place."""
    if not (is_object(target) and is_object(update)):
        return
    references = [
        each["$ref"] for each in (target, *target.get("allOf", []), *target.get("anyOf", [])) if "$ref" in each
    ]
    if references:
        if isinstance(update.get("title"), str) and references[0].startswith(PREFIX):
            yield references[0].removeprefix("#"), update["title"]
        return
    needs_name = "enum" in target or "properties" in target or target.get("type") == "object"
    if isinstance(update.get("title"), str) and "title" not in target and needs_name:
        yield pointer, update["title"]
    for key in update:
        if key in target:
            yield from titles(target[key], update[key], f"{pointer}/{escaped(key)}")


def _recording(action: Node, places: list[Place], replaced: list[tuple[Place, Json]]) -> str:
    recorded = action.get("x-replaces", {})
    for place, old in replaced:
        start = next(each for each in places if place[: len(each)] == each)
        inner = old
        for key in reversed(place[len(start) :]):
            inner = {key: inner}
        recorded = merged(recorded, inner)
    return "- " + json.dumps({**action, "x-replaces": recorded}, ensure_ascii=False)


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:160] + "…"  # noqa: PLR2004 - a line or two


def pointer_to(place: Place) -> str:
    """Return the JSON pointer to a place."""
    return "".join(f"/{escaped(str(step))}" for step in place[1:])


# ---- Applying ---------------------------------------------------------------------------------------------------


def at(holder: Node, place: Place) -> Json:
    """Return the value at a place."""
    node: Json = holder
    for key in place:
        node = node[key]
    return node


def changes(holder: Node, action: Node, place: Place) -> bool:
    """Apply an action at a place, and return whether it changed anything."""
    *steps, last = place
    parent = at(holder, tuple(steps))
    if action.get("remove"):
        del parent[last]
        return True
    before = parent[last]
    parent[last] = merged(before, action["update"])
    return bool(parent[last] != before)
