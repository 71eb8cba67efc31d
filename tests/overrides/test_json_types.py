"""Kinds of JSON values."""

from __future__ import annotations

import pytest

from blooio_overrides.json_values import is_list, is_object

NEITHER: list[object] = [None, True, 5, 1.5, "", "{}", "[]", (), object()]
OBJECTS: list[object] = [{}, {"a": 1}]
LISTS: list[object] = [[], [{}]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, (True, False)) for value in OBJECTS),
        *((value, (False, True)) for value in LISTS),
        *((value, (False, False)) for value in NEITHER),
    ],
)
def test_objects_and_lists(value: object, expected: tuple[bool, bool]) -> None:
    """Objects and lists are distinguished from everything else."""
    assert expected == (is_object(value), is_list(value))
