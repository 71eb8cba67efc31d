from __future__ import annotations

from typing import Any

import pytest

from openapi.overlay import apply_overlay


def applied(document: Any, *actions: dict[str, Any]) -> tuple[Any, list[str]]:
    """The document after these actions, and the problems."""
    return apply_overlay(document, {"overlay": "1.0.0", "actions": list(actions)})


@pytest.mark.parametrize(
    ("target", "update", "expected"),
    [
        ("$.a", {"c": 2}, {"a": {"b": 1, "c": 2}, "list": [1]}),
        ("$.a", {"b": {"deep": True}}, {"a": {"b": {"deep": True}}, "list": [1]}),
        ("$", {"list": [2]}, {"a": {"b": 1}, "list": [1, 2]}),
        ("$.list", [2, 3], {"a": {"b": 1}, "list": [1, 2, 3]}),
        ("$.list", {"x": 1}, {"a": {"b": 1}, "list": [1, {"x": 1}]}),
        ("$.a.b", 5, {"a": {"b": 5}, "list": [1]}),
        ("$", {"new": {}}, {"a": {"b": 1}, "list": [1], "new": {}}),
    ],
)
def test_update(target: str, update: Any, expected: Any) -> None:
    """An update merges objects, appends to arrays and replaces anything else, also at the root."""
    result, problems = applied({"a": {"b": 1}, "list": [1]}, {"target": target, "update": update})

    assert (expected, []) == (result, problems)


def test_update_every_match() -> None:
    """An action applies to each place that its target selects."""
    document: Any = {"paths": {"/a": {"get": {}}, "/b": {"get": {}, "put": {}}}}

    result, _ = applied(document, {"target": "$.paths.*.get", "update": {"seen": True}})

    assert result == {"paths": {"/a": {"get": {"seen": True}}, "/b": {"get": {"seen": True}, "put": {}}}}


def test_remove() -> None:
    """Removing takes away each place, also several of one array and one inside of another."""
    document = {"list": [1, 2, 3, 4], "a": {"x": {"x": 1}}}

    result, problems = applied(
        document, {"target": "$.list[?@ > 2]", "remove": True}, {"target": "$..x", "remove": True}
    )

    assert (result, problems) == ({"list": [1, 2], "a": {}}, [])


def test_order() -> None:
    """Actions apply one after the other: a later one sees what an earlier one did."""
    result, _ = applied(
        {},
        {"target": "$", "update": {"a": {}}},
        {"target": "$.a", "update": {"b": 1}},
        {"target": "$.a.b", "update": 2},
    )

    assert result == {"a": {"b": 2}}


def test_does_not_share() -> None:
    """The document does not share anything with the overlay, which may be applied again."""
    update: Any = {"a": {"list": []}, "all": [{"b": 1}]}

    result, _ = applied({"a": {}, "all": []}, {"target": "$", "update": update})
    result["a"]["list"].append(1)
    result["all"][0]["b"] = 2

    assert update == {"a": {"list": []}, "all": [{"b": 1}]}


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"target": "$.gone", "update": {}}, "$.gone: matches nothing. Mend its target"),
        ({"target": "$.gone", "remove": True}, "$.gone: matches nothing. Mend its target"),
        ({"target": "$.a", "update": {"b": 1}}, "$.a: changes nothing, the document says so itself now. Remove"),
        ({"target": "$.list", "update": [1]}, "$.list: changes nothing"),
        ({"target": "$.[", "update": {}}, "$.[: its target is no JSONPath"),
        ({"target": "$.a"}, "$.a: is no action. Write a target, and either an update or"),
        ({"target": "$.a", "update": {}, "remove": True}, "$.a: is no action"),
        ({"update": {}}, "None: is no action"),
    ],
)
def test_problem(action: dict[str, Any], problem: str) -> None:
    """An action that does nothing, or is none, is named with its number, its target and the cure."""
    works = {"target": "$.a", "update": {"works": True}}

    result, problems = applied({"a": {"b": 1}, "list": [1]}, works, action)

    assert result == {"a": {"b": 1, "works": True}, "list": [1]}
    assert [problems[0]] == problems
    assert f"action 2, {problem}" in problems[0]


def test_all_problems() -> None:
    """Every action that does not fit is told, and not only the first."""
    actions = [{"target": f"$.gone{number}", "remove": True} for number in range(3)]

    _, problems = applied({}, *actions)

    assert [problem.partition(":")[0] for problem in problems] == [
        "action 1, $.gone0",
        "action 2, $.gone1",
        "action 3, $.gone2",
    ]


def test_changes_somewhere() -> None:
    """An action that changes one of its places fits."""
    _, problems = applied({"a": {"x": 1}, "b": {}}, {"target": "$.*", "update": {"x": 1}})

    assert problems == []
