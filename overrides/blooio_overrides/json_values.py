"""Untrusted JSON: parsed within limits."""

from __future__ import annotations

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


DEEPEST: Final = 100
"""The deepest nesting that is read: copying or pickling deeper values could fail."""
_LONG: Final = 20_000
"""Bytes, or characters, above which msgspec saves time, if it is installed."""
_DECODER: Final = json.JSONDecoder()
_BLANKS: Final = " \t\n\r"
_CONTAINERS: Final = (dict, list)
_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def read_json(text: bytes | bytearray | str) -> Any:
    """Parse JSON.

    Raises:
        ValueError: The text is not JSON, or is nested more than 100 levels deep.
        TypeError: The argument is not text.
    """
    try:
        if len(text) > _LONG:
            value = long_reader()(text)
        else:
            # Not `decode`, which looks for blanks with regular expressions, twice.
            decoded = text if isinstance(text, str) else text.decode()
            value, end = _DECODER.raw_decode(decoded)
            if end < len(decoded) and decoded[end:].strip(_BLANKS):
                value = _read_slowly(text)  # raises: there is more than one value
    except (AttributeError, ValueError):
        value = _read_slowly(text)  # not UTF-8, or broken, or not text at all
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if len(text) > DEEPEST and may_be_deep(text) and is_deep(value):
        raise ValueError("nested too deeply")
    return value


def _read_slowly(text: bytes | bytearray | str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


@cache
def long_reader() -> Callable[[bytes | bytearray | str], Any]:
    """Return the parser for long texts: msgspec if it is installed, which takes half the time.

    It gives the same values as `json`, including integers of any length; what it rejects, such as NaN or a lone
    surrogate, is left to `json`. orjson is as fast, but turns long integers into floats.
    """
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    return Decoder().decode


def may_be_deep(text: bytes | bytearray | str) -> bool:
    """Whether the brackets of a text may be nested too deeply; brackets within strings may mislead it.

    Looking at each value of a long page would take a third as long as parsing it. Removing the innermost pairs until
    none are left takes a tenth, since a page has few levels.
    """
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    left = bytes(raw).translate(_SQUARE, _NOT_BRACKETS)
    if len(left) <= DEEPEST:
        return False
    for _ in range(DEEPEST):
        if not left:
            return False
        left = left.replace(b"[]", b"")
    return bool(left)


def is_deep(value: Any) -> bool:
    """Whether objects and lists are nested too deeply."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        if not level:
            return False
        within = [list(node.values()) if is_object(node) else node for node in level if type(node) in _CONTAINERS]
        level = [each for items in within for each in items if type(each) in _CONTAINERS]
    return bool(level)
