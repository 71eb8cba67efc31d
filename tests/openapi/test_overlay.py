from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from openapi.build import build
from openapi.overlay import apply_overlay, unsourced
from openapi.problems import BuildError


def applied(document: Any, *actions: dict[str, Any]) -> tuple[Any, list[str]]:
    """Return the document after these actions, and the problems."""
    return apply_overlay(document, {"overlay": "1.0.0", "actions": list(actions)})


@pytest.mark.parametrize(
    ("target", "update", "expected"),
    [
        ("$.a", {"c": 2}, {"a": {"b": 1, "c": 2}, "list": [1]}),
        ("$", {"list": [2]}, {"a": {"b": 1}, "list": [1, 2]}),
        ("$.list", [2, 3], {"a": {"b": 1}, "list": [1, 2, 3]}),
        ("$.list", {"x": 1}, {"a": {"b": 1}, "list": [1, {"x": 1}]}),
        ("$", {"new": {}}, {"a": {"b": 1}, "list": [1], "new": {}}),
    ],
)
def test_update(target: str, update: Any, expected: Any) -> None:
    """An update merges objects, appends to arrays and replaces other values, even at the root."""
    result, problems = applied({"a": {"b": 1}, "list": [1]}, {"target": target, "update": update})

    assert (expected, []) == (result, problems)


@pytest.mark.parametrize(
    ("target", "replaces", "update", "expected"),
    [
        ("$.a", {"b": 1}, {"b": {"deep": True}}, {"a": {"b": {"deep": True}}, "list": [1]}),
        ("$.a.b", 1, 5, {"a": {"b": 5}, "list": [1]}),
    ],
)
def test_replace(target: str, replaces: Any, update: Any, expected: Any) -> None:
    """An update that records the value it replaces applies, and any other value is a problem."""
    action = {"target": target, "x-replaces": replaces, "update": update}

    result, problems = applied({"a": {"b": 1}, "list": [1]}, action)
    _, unlike = applied({"a": {"b": 2}, "list": [1]}, action)

    assert (expected, []) == (result, problems)
    assert len(unlike) == 1
    assert "/a/b is 2 in the document, and " in unlike[0]
    assert "record what it replaces:\n- {" in unlike[0]


def test_overwrites() -> None:
    """Overwriting a value without recording it is a problem, with a fix ready to paste."""
    action = {"target": "$.a", "update": {"b": {"c": 2}}}

    _, (problem,) = applied({"a": {"b": {"c": 1}}}, action)
    cure = json.loads(problem.partition("\n- ")[2])

    assert cure == {**action, "x-replaces": {"b": {"c": 1}}}
    assert applied({"a": {"b": {"c": 1}}}, cure)[1] == []


def test_replaces_nothing() -> None:
    """Recording a value that the document no longer has is a problem."""
    action = {"target": "$.a", "x-replaces": {"b": 1}, "update": {"b": 2}}

    _, (problem,) = applied({"a": {}}, action)

    assert "the document no longer says what `x-replaces` records." in problem


def test_beside_reference() -> None:
    """An update next to a $ref is a problem, and its fix targets the referenced schema."""
    document: Any = {"a": {"$ref": "#/b"}, "b": {}}

    _, (problem,) = applied(copy.deepcopy(document), {"target": "$.a", "update": {"title": "B"}})
    cure = json.loads(problem.partition("\n- ")[2])

    assert "/a is a $ref, and keys next to it are ignored." in problem
    assert applied(document, cure) == ({"a": {"$ref": "#/b"}, "b": {"title": "B"}}, [])


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({"type": "string", "enum": ["a"]}, "says the same"),
        ({"type": "string", "enum": ["b"]}, 'differs: /enum is ["b"], ours ["a"]'),
        ({"type": "integer"}, 'differs: /type is "integer", ours "string"; /enum only ours'),
    ],
)
def test_beyond(theirs: Any, told: str) -> None:
    """An addition beyond the document is a problem once the document has it, whether its value is equal or not."""
    ours = {"title": "Effect", "type": "string", "enum": ["a"], "x-beyond": "somewhere"}

    _, problems = applied({"fields": {"effect": theirs}}, {"target": "$.fields", "update": {"effect": ours}})

    assert f"the document has /fields/effect now, and {told}. Remove it from the action." in problems[0]
    keeps = '- {"target": "$.fields.effect", "update": {"title": "Effect"}}'
    assert problems[0].endswith(keeps) == ("enum" in theirs)


def test_beyond_values() -> None:
    """Added values are a problem once the document has all of them."""
    action = {"target": "$.enum", "x-beyond": "somewhere", "update": ["b"]}

    assert applied({"enum": ["a"]}, action) == ({"enum": ["a", "b"]}, [])
    assert "changes nothing, since the document has it now." in applied({"enum": ["a", "b"]}, action)[1][0]


def test_sources() -> None:
    """A mark with an unlisted source and a source without a mark are problems."""
    field = {"description": "A field", "x-beyond": "a guide"}
    actions = [{"target": "$", "x-beyond": "a page", "update": {"field": field}}]

    assert list(unsourced({"actions": actions, "x-sources": {"a page": {}, "a guide": {}}})) == []
    assert list(unsourced({"actions": actions, "x-sources": {"a page": {}, "a book": {}}})) == [
        "x-beyond: 'a guide' is not among x-sources. Add it there, with what it is and when it was read.",
        "x-sources: nothing is marked `x-beyond: a book`. Remove the source.",
    ]
    del field["description"]
    assert list(unsourced({"actions": actions, "x-sources": {"a page": {}, "a guide": {}}})) == [
        'x-beyond: {"x-beyond": "a guide"} has no description. Write one.'
    ]
    document: Any = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {}}}
    with pytest.raises(BuildError, match="x-beyond: 'a page' is not among x-sources"):
        build(document, {"overlay": "1.0.0", "actions": actions[:1]})


def test_beyond_null() -> None:
    """A nullable field is recognized in the document and the overlay, in the form of 3.0 or 3.1."""
    theirs = {"type": ["string", "null"], "format": "uri"}
    ours = {"type": "string", "format": "uri", "nullable": True, "x-beyond": "somewhere"}

    _, problems = applied({"fields": {"url": theirs}}, {"target": "$.fields", "update": {"url": ours}})

    assert "the document has /fields/url now, and says the same." in problems[0]


@pytest.mark.parametrize(("recorded", "matched"), [(2, 1), (1, 2), (3, 2)])
def test_matches(recorded: int, matched: int) -> None:
    """An action whose number of matches differs from the recorded one is a problem that lists the differences."""
    before: Any = {"all": [{"n": number} for number in range(recorded)]}
    document: Any = {"all": [{"n": number} for number in range(matched)]}
    action = {"target": "$.all.*", "x-matches": recorded, "update": {"seen": True}}

    _, (problem,) = apply_overlay(document, {"actions": [action]}, before)

    change = f"New: /all/{recorded}." if matched > recorded else f"Gone: /all/{matched}."
    assert f"matches {matched} place{'s' * (matched > 1)}, and {recorded} recorded. {change}" in problem
    assert f'"x-matches": {matched}' in problem


def test_moved() -> None:
    """An action for a moved path or a renamed schema is printed with its new target."""
    operation = {"operationId": "getA"}
    before: Any = {"paths": {"/a": {"get": operation}}, "components": {"schemas": {"A": {"type": "object"}}}}
    after: Any = {"paths": {"/b": {"get": operation}}, "components": {"schemas": {"B": {"type": "object"}}}}
    targets = "$.paths['/a'].get", "$.components.schemas.A"

    _, problems = apply_overlay(after, {"actions": [{"target": each, "update": {"x": 1}} for each in targets]}, before)

    cures = [json.loads(problem.partition("\n- ")[2])["target"] for problem in problems]
    assert cures == ["$.paths['/b'].get", "$.components.schemas.B"]


def test_update_every_match() -> None:
    """An action applies to every match of its target."""
    document: Any = {"paths": {"/a": {"get": {}}, "/b": {"get": {}, "put": {}}}}

    result, _ = applied(document, {"target": "$.paths.*.get", "x-matches": 2, "update": {"seen": True}})

    assert result == {"paths": {"/a": {"get": {"seen": True}}, "/b": {"get": {"seen": True}, "put": {}}}}


def test_remove() -> None:
    """Removing deletes every match, including several in one array and nested ones."""
    document = {"list": [1, 2, 3, 4], "a": {"x": {"x": 1}}}

    result, problems = applied(
        document,
        {"target": "$.list[?@ > 2]", "x-matches": 2, "remove": True},
        {"target": "$..x", "x-matches": 2, "remove": True},
    )

    assert (result, problems) == ({"list": [1, 2], "a": {}}, [])


def test_order() -> None:
    """Actions are applied in order, so a later one sees the effect of earlier ones."""
    result, _ = applied(
        {},
        {"target": "$", "update": {"a": {}}},
        {"target": "$.a", "update": {"b": 1}},
        {"target": "$.a.b", "update": 2},
    )

    assert result == {"a": {"b": 2}}


def test_does_not_share() -> None:
    """The document shares no object with the overlay, which can be applied again."""
    update: Any = {"a": {"list": []}, "all": [{"b": 1}]}

    result, _ = applied({"a": {}, "all": []}, {"target": "$", "update": update})
    result["a"]["list"].append(1)
    result["all"][0]["b"] = 2

    assert update == {"a": {"list": []}, "all": [{"b": 1}]}


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"target": "$.gone", "update": {}}, "$.gone: matches nothing. Fix its target"),
        ({"target": "$.gone", "remove": True}, "$.gone: matches nothing. Fix its target"),
        ({"target": "$.a", "update": {"b": 1}}, "$.a: changes nothing, since the document has it now. Remove"),
        ({"target": "$.list", "update": [1]}, "$.list: changes nothing"),
        ({"target": "$.[", "update": {}}, "$.[: its target is not a JSONPath"),
        ({"target": "$.a"}, "$.a: is not an action. Write a target, and either an update or"),
        ({"target": "$.a", "update": {}, "remove": True}, "$.a: is not an action"),
        ({"update": {}}, "None: is not an action"),
    ],
)
def test_problem(action: dict[str, Any], problem: str) -> None:
    """An action that does nothing or is invalid is listed with its number, target and fix."""
    works = {"target": "$.a", "update": {"works": True}}

    result, problems = applied({"a": {"b": 1}, "list": [1]}, works, action)

    assert result == {"a": {"b": 1, "works": True}, "list": [1]}
    assert [problems[0]] == problems
    assert f"action 2, {problem}" in problems[0]


def test_all_problems() -> None:
    """Every action that does not apply is listed, not only the first one."""
    actions = [{"target": f"$.gone{number}", "remove": True} for number in range(3)]

    _, problems = applied({}, *actions)

    assert [problem.partition(":")[0] for problem in problems] == [
        "action 1, $.gone0",
        "action 2, $.gone1",
        "action 3, $.gone2",
    ]


def test_changes_somewhere() -> None:
    """An action is valid if it changes at least one of its matches."""
    _, problems = applied({"a": {"x": 1}, "b": {}}, {"target": "$.*", "x-matches": 2, "update": {"x": 1}})

    assert problems == []
