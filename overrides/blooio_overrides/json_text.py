"""JSON that came from elsewhere, read within bounds."""

from __future__ import annotations

import json
from typing import Any, Final

from .json_types import is_object

_LONG: Final = 20_000
_CONTAINERS: Final = (dict, list)
_DECODER: Final = json.JSONDecoder()
DEEPEST: Final = 100
"""How many objects and lists within one another are read: copying and pickling what is deeper would fail one day."""


def read_json(text: bytes | bytearray | str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: It is no JSON, or it is nested more deeply than 100 levels.
        TypeError: It is no text.
    """
    try:
        value = _loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _may_be_deep(text) and _is_deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _loads(text: bytes | bytearray | str) -> Any:
    try:
        return _DECODER.decode(text if isinstance(text, str) else text.decode())
    except (AttributeError, ValueError):
        # Not UTF-8, or broken, or no text at all: what tells these apart is a tenth of the time for all the others.
        return json.loads(text)


def _may_be_deep(text: bytes | bytearray | str) -> bool:
    """Whether there are brackets enough; in what is not long there nearly never are, which is seen at once."""
    if len(text) > _LONG:
        return True
    if isinstance(text, str):
        return text.count("[") + text.count("{") > DEEPEST
    return text.count(b"[") + text.count(b"{") > DEEPEST


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether more than so many objects and lists stand within one another; told without recursion."""
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(levels):
        if not level:
            return False
        # The exact type, and no call for each value: a page has thousands, and the calls took longer than reading it.
        level = [
            each for held in level for each in (held.values() if is_object(held) else held) if type(each) in _CONTAINERS
        ]
    return bool(level)
