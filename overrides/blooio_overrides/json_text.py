"""JSON that came from elsewhere, read within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from .json_types import is_object

DEEPEST: Final = 100
"""How many objects and lists within one another are read: copying and pickling what is deeper would fail one day."""


def read_json(text: bytes | bytearray | str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: It is no JSON, or it is nested more deeply than 100 levels.
        TypeError: It is no text.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _may_be_deep(text) and _is_deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _may_be_deep(text: bytes | bytearray | str) -> bool:
    """Whether there are brackets enough; nearly always there are not, which is seen at once."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > DEEPEST
    return text.count(b"[") + text.count(b"{") > DEEPEST


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether more than so many objects and lists stand within one another; told without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        level = [each for held in level for each in _held_by(held) if isinstance(each, dict | list)]
    return bool(level)


def _held_by(value: Any) -> Iterable[Any]:
    return value.values() if is_object(value) else value
