"""Check arguments before anything is sent, and describe them without showing them."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, TypeGuard

from blooio_client.types import Model

from .errors import InvalidArgumentError


def reject(reason: str) -> NoReturn:
    """Raise an error for an invalid argument."""
    raise InvalidArgumentError(reason)


def masked(text: str) -> str:
    """Hide the letters and digits of a text: `(###) ###-####`."""
    return "".join(map(_masked, text[:40])) + ("…" if len(text) > 40 else "")  # noqa: PLR2004 - as above


def _masked(char: str) -> str:
    if (kind := unicodedata.category(char)[0]) in "NLM":
        return "#" if kind == "N" else "x"
    return char if char.isprintable() else f"<U+{ord(char):04X}>"


# Unicode calls them letters and symbols, but they look blank: the Hangul fillers and the empty Braille pattern.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def invisible_character(text: str) -> str | None:
    """Name the first invisible character of a text and its position: control, formatting, bidirectional or blank."""
    if text.isascii() and text.isprintable():  # nearly always, and much faster than checking each character
        return None
    for position, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in _BLANK_LETTERS:
            return f"U+{ord(char):04X} at position {position}"
    return None


def checked_text(value: object, name: str, hint: str) -> str:
    """Return a text if it is not blank and has no invisible characters; for identifiers and keys."""
    if not isinstance(value, str):
        reject(f"{name} is {type(value).__name__}; {hint}")
    if problem := text_problem(value):
        reject(f"{name} {problem}; {hint}")
    return value


def text_problem(text: str) -> str | None:
    """Say why a text cannot be an identifier or a key; None if it can."""
    if not text.strip():
        return "is empty"
    found = invisible_character(text)
    return f"contains {found}" if found else None


def checked_header_value(value: object, name: str) -> str:
    """Return a text if it fits in a header: visible ASCII without surrounding blanks."""
    if not isinstance(value, str):
        reject(f"{name} is {type(value).__name__}; expected visible ASCII characters")
    if problem := header_problem(value):
        reject(f"{name} {problem}; expected visible ASCII characters without surrounding blanks")
    return value


def header_problem(text: str) -> str | None:
    """Say why a text does not fit in a header; None if it does."""
    if not text.isascii() or (text.strip() and text != text.strip()):
        return "contains characters that a header cannot carry"
    return text_problem(text)


def checked_limit(value: object, name: str, *, at_most: int | None = None) -> int | None:
    """Return a count (>= 1), or None if it is None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        reject(f"{name} is {type(value).__name__}; expected a whole number")
    if value < 1 or (at_most is not None and value > at_most):
        span = f"from 1 to {at_most}" if at_most else ">= 1"
        reject(f"{name} is out of range; expected a whole number {span}")
    return value


_FIRST_MILLISECONDS: Final = 100_000_000_000
"""The year 1973 in milliseconds, and the year 5138 in seconds."""


def checked_time(time: object, name: str) -> datetime.datetime | int:
    """Return a point in time: an aware datetime, or epoch milliseconds.

    Raises:
        InvalidArgumentError: It is something else, a datetime without a time zone, or epoch seconds.
    """
    if isinstance(time, datetime.datetime) and time.utcoffset() is not None:
        return time
    if isinstance(time, int) and not isinstance(time, bool):
        if 0 < time < _FIRST_MILLISECONDS:
            reject(f"{name} looks like epoch seconds; expected an aware datetime, or epoch milliseconds")
        return time
    given = "a datetime without a time zone" if isinstance(time, datetime.datetime) else type(time).__name__
    return reject(f"{name} is {given}; expected an aware datetime such as datetime.now(UTC), or epoch milliseconds")


def is_several(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether an argument is a list or another iterable, rather than a text or a single object."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Model)


def one_or_more(value: object, name: str) -> list[Any]:
    """Return one value, or an iterable of values, as a list."""
    listed = list(value) if is_several(value) else [value]
    if not listed:
        reject(f"{name} is empty; expected at least one")
    return listed


def id_of(value: object, name: str, *attributes: str) -> str:
    """Return an identifier, which may be given as an object that has one."""
    held: Any = next((getattr(value, attribute) for attribute in attributes if _has(value, attribute)), value)
    return checked_text(held, name, f"expected an id, or an object with {_one_of(attributes)}")


def _has(value: object, attribute: str) -> bool:
    return not isinstance(value, str) and isinstance(getattr(value, attribute, None), str)


def _one_of(names: Iterable[str]) -> str:
    return " or ".join(f".{name}" for name in names)


def checked_seconds(seconds: Any, name: str) -> float:
    """Return a number of seconds above 0."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        reject(f"{name} must be a number of seconds > 0")
    return float(seconds)
