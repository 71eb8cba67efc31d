"""JSON that came from elsewhere, read within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from .json_types import is_list, is_object

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
    """Whether there are brackets enough; nearly always there are not, which is seen at once."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > DEEPEST
    return text.count(b"[") + text.count(b"{") > DEEPEST


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether more than so many objects and lists stand within one another; told without recursion."""
    level = [value]
    for _ in range(levels):
        level = list(chain.from_iterable(map(_held_by, level)))
    return any(is_object(held) or is_list(held) for held in level)


def _held_by(value: Any) -> Iterable[Any]:
    if is_object(value):
        return value.values()
    return value if is_list(value) else ()
