"""Which kind of JSON value something is."""

from __future__ import annotations

import pytest

from blooio_overrides.json_types import is_list, is_object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, (True, False)),
        ({"a": 1}, (True, False)),
        ([], (False, True)),
        ([{}], (False, True)),
        *((value, (False, False)) for value in (None, True, 5, 1.5, "", "{}", "[]", (), object())),
    ],
)
def test_objects_and_lists(value: object, expected: tuple[bool, bool]) -> None:
    """An object is an object, a list is a list, and nothing else is either."""
    assert expected == (is_object(value), is_list(value))
