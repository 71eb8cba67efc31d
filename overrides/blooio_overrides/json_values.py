"""Which kind of JSON value something is, told in a way that type checkers understand."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeGuard

from blooio_client.types import JsonObject


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is a list."""
    return isinstance(value, list)


_LONG: Final = 20_000
"""Bytes, or characters, from which on it pays to look at a text in another way."""
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
        if len(text) > _LONG:
            return long_reader()(text)
        return _DECODER.decode(text if isinstance(text, str) else text.decode())
    except (AttributeError, ValueError):
        # Not UTF-8, or broken, or no text at all: what tells these apart is a tenth of the time for all the others.
        return json.loads(text)


@cache
def long_reader() -> Callable[[bytes | bytearray | str], Any]:
    """What reads long texts: msgspec, where it is installed, which takes half the time.

    What it reads is what `json` reads, whole numbers of any length included; what it refuses, such as NaN and half of a
    surrogate pair, is left to `json`. orjson is as fast, but makes floats of long whole numbers.
    """
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    return Decoder().decode


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
