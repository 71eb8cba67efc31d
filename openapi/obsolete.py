"""Edits of the overlay that need no decision: they remove what the document now contains, word for word.

`make candidate DOCUMENT=path APPLY=1` writes them. Anything that differs stays, and stops the build.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from openapi.intake import LOADER, read_overlay
from openapi.nodes import Json, Node, is_object, objects_of
from openapi.normal import normalized
from openapi.overlay import at, changes, differences_of, matched, pointer_to, titles
from openapi.problems import action as written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi.overlay import Place

Path = tuple[str, ...]


class Edit(NamedTuple):
    """One edit: what to remove, the actions that keep our names, and what to report."""

    place: tuple[str | int, ...]
    """The keys that lead from the root of the overlay to what is removed."""
    names: list[str]
    text: str


def obsolete(document: Node, overlay: Node) -> list[Edit]:
    """Return the edits for a document, those of later actions first."""
    holder, edits = {"$": normalized(document)}, list[Edit]()
    for number, action in enumerate(overlay["actions"]):
        places = matched(holder, action)
        found = list(_parts(holder, action, places, number))
        changed = [changes(holder, action, place) for place in reversed(places)]
        if places and not any(changed):
            found = [Edit(("actions", number), [], f"action {number + 1}, {action['target']}: changes nothing")]
        edits = found + edits
    return edits


def _parts(holder: Node, action: Node, places: list[Place], number: int) -> Iterator[Edit]:
    for path in _marked(action.get("update", {})):
        ours: Json = at(action["update"], path)
        theirs = [found for place in places if (found := _found(at(holder, place), path)) is not None]
        if (
            places
            and len(theirs) == len(places)
            and not any(list(differences_of(holder["$"], each, ours)) for each in theirs)
        ):
            pointers = [pointer_to((*place, *path)) for place in places]
            named = {
                name: None for pair in zip(theirs, pointers, strict=True) for name in titles(pair[0], ours, pair[1])
            }
            kept = [written(where, {"title": title}) for where, title in named]
            text = f"action {number + 1}: {', '.join(pointers)}: the document has it, and says the same"
            yield Edit(("actions", number, "update", *path), kept, text)


def _marked(update: Json, path: Path = ()) -> Iterator[Path]:
    if is_object(update):
        if "x-beyond" in update and path:
            yield path
        else:
            for key, value in update.items():
                yield from _marked(value, (*path, key))


def _found(target: Json, path: Path) -> Json:
    for key in path:
        target = target.get(key) if is_object(target) else None
    return target if is_object(target) and "x-beyond" not in target else None


# ---- The text of the overlay ------------------------------------------------------------------------------------


def applied(text: str, document: Node) -> tuple[str, list[str]]:
    """Return the text of the overlay without what the document now contains, and what was removed.

    An edit that cannot be made by removing whole lines is left for a person to make.
    """
    text, removed = _edited(text, obsolete(document, read_overlay(text)))
    more = removed
    while more:  # what is left of an action may change nothing
        text, more = _edited(text, obsolete(document, read_overlay(text)))
        removed = [*removed, *more]
    text, sources = _edited(text, list(_unused(read_overlay(text))))
    return text, [*removed, *sources]


def _edited(text: str, edits: list[Edit]) -> tuple[str, list[str]]:
    removed = list[str]()
    overlay = read_overlay(text) if edits else None
    for edit in edits:
        place = _topmost(overlay, edit.place)
        fresh, expected = _without(text, place, edit.names), _expected(overlay, place, edit.names)
        try:
            is_right = read_overlay(fresh) == expected
        except yaml.YAMLError:  # such as an alias whose anchor is gone
            is_right = False
        if is_right:
            text, overlay = fresh, expected
            removed.append(edit.text)
    return text, removed


def _unused(overlay: Node) -> Iterator[Edit]:
    """Yield the removal of each source without a mark, or of all of them."""
    used = {node["x-beyond"] for node in objects_of(overlay["actions"]) if "x-beyond" in node}
    sources: Node = overlay.get("x-sources", {})
    if sources and not used & sources.keys():
        yield Edit(("x-sources",), [], "x-sources: nothing is marked `x-beyond`")
        return
    for source in [each for each in sources if each not in used]:
        yield Edit(("x-sources", source), [], f"x-sources: nothing is marked `x-beyond: {source}`")


def _expected(overlay: Json, place: tuple[str | int, ...], names: list[str]) -> Json:
    overlay = copy.deepcopy(overlay)
    del at(overlay, place[:-1])[place[-1]]
    if names:
        number = int(place[1]) + (len(place) > len(("actions", 0)))
        overlay["actions"][number:number] = [json.loads(each.removeprefix("- ")) for each in names]
    return overlay


def _topmost(overlay: Json, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the place to remove so that nothing empty is left: a whole action rather than its only field."""
    while len(place) > len(("actions", 0)) and len(at(overlay, place[:-1])) == 1:
        place = place[:-1]
    return place[:2] if place[2:] == ("update",) else place


def _without(text: str, place: tuple[str | int, ...], names: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    root: Any = yaml.compose(text, LOADER)
    first, last = _span(root, place)
    _, end = _span(root, place[:2])
    if len(place) == len(("actions", 0)) and not names:
        while _is_comment(lines, first - 1) and not _is_action(lines, last + 1):
            first -= 1
        is_gap = not "".join(lines[first - 1 : first]).strip() and not "".join(lines[last + 1 : last + 2]).strip()
        last += is_gap
    return "".join(
        [*lines[:first], *lines[last + 1 : end + 1], *(f"{each}\n" for each in names), *lines[max(end, last) + 1 :]]
    )


def _is_comment(lines: list[str], number: int) -> bool:
    return lines[number].startswith("#")


def _is_action(lines: list[str], number: int) -> bool:
    return number < len(lines) and lines[number].startswith("- ")


def _span(node: yaml.Node, place: tuple[str | int, ...]) -> tuple[int, int]:
    """Return the first and the last line of the node at a place."""
    first = node.start_mark.line
    for key in place:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(key)]
            first = node.start_mark.line
        else:
            name, node = next(pair for pair in node.value if pair[0].value == key)
            first = name.start_mark.line
    return first, first if node.start_mark.line < first else _last(node)  # an alias is on one line


def _last(node: yaml.Node) -> int:
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        name, value = node.value[-1]
        return max(int(name.start_mark.line), _last(value))
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last(node.value[-1])
    line = int(node.end_mark.line)
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return line - 1 if is_block else line
