"""JSON that came from elsewhere, read within bounds."""

from __future__ import annotations

import gc
import json
from typing import Any, Final

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
    level = [value]
    for _ in range(levels - 1):
        # The garbage collector knows what holds others, and tells so in a quarter of the time of a look at each value.
        level = list(filter(gc.is_tracked, gc.get_referents(*level)))
        if not level:
            return False
    return any(type(each) in _CONTAINERS for each in gc.get_referents(*level))
