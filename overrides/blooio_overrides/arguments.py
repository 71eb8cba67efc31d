"""What is refused before anything is sent, and how it is described without showing it."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, TypeGuard

from blooio_client.types import Model

from .errors import InvalidArgumentError


def refuse(reason: str) -> NoReturn:
    """Raise for an argument that cannot be right."""
    raise InvalidArgumentError(reason)


def masked(text: str) -> str:
    """Return the form of a text, its letters and digits hidden: `(###) ###-####`."""
    return "".join(map(_masked, text[:40])) + ("…" if len(text) > 40 else "")  # noqa: PLR2004 - as above


def _masked(char: str) -> str:
    if (kind := unicodedata.category(char)[0]) in "NLM":
        return "#" if kind == "N" else "x"
    return char if char.isprintable() else f"<U+{ord(char):04X}>"


# Letters and symbols to Unicode, blanks to a reader: the fillers of Hangul, and the empty Braille pattern.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def invisible_character(text: str) -> str | None:
    """Say which character of a text is invisible, and where: a control, formatting, bidirectional or blank one."""
    if text.isascii() and text.isprintable():  # nearly always, and many times faster than to look at each
        return None
    for position, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in _BLANK_LETTERS:
            return f"U+{ord(char):04X} at position {position}"
    return None


def checked_text(value: object, name: str, hint: str) -> str:
    """Return a text that is not blank and holds no invisible characters; for identifiers, keys and the like."""
    if not isinstance(value, str):
        refuse(f"{name} is {type(value).__name__}; {hint}")
    if problem := text_problem(value):
        refuse(f"{name} {problem}; {hint}")
    return value


def text_problem(text: str) -> str | None:
    """Say why a text can be no identifier, key or the like; None if it can."""
    if not text.strip():
        return "is empty"
    found = invisible_character(text)
    return f"holds {found}" if found else None


def checked_header_value(value: object, name: str) -> str:
    """Return a text that may stand in a header: visible ASCII, without blanks around it."""
    if not isinstance(value, str):
        refuse(f"{name} is {type(value).__name__}; write visible ASCII characters")
    if problem := header_problem(value):
        refuse(f"{name} {problem}; write visible ASCII characters, no blanks around")
    return value


def header_problem(text: str) -> str | None:
    """Say why a text cannot stand in a header; None if it can."""
    if not text.isascii() or (text.strip() and text != text.strip()):
        return "holds characters that a header cannot carry"
    return text_problem(text)


def checked_limit(value: object, name: str, *, at_most: int | None = None) -> int | None:
    """Return a count of at least 1, or None where none is given."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(f"{name} is {type(value).__name__}; write a whole number")
    if value < 1 or (at_most is not None and value > at_most):
        span = f"from 1 to {at_most}" if at_most else "of at least 1"
        refuse(f"{name} is out of its range; write a whole number {span}")
    return value


def checked_time(time: object, name: str) -> datetime.datetime | int:
    """Return a point in time: an aware datetime, or epoch milliseconds.

    Raises:
        InvalidArgumentError: It is something else, or a datetime without a time zone.
    """
    if isinstance(time, datetime.datetime) and time.tzinfo is not None:
        return time
    if isinstance(time, int) and not isinstance(time, bool):
        return time
    given = "a datetime without a time zone" if isinstance(time, datetime.datetime) else type(time).__name__
    return refuse(f"{name} is {given}; expected an aware datetime such as datetime.now(UTC), or epoch milliseconds")


def is_several(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether an argument is several things: a list or the like, and neither a text nor a single object."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Model)


def one_or_more(value: object, name: str) -> list[Any]:
    """Return what was given as a list, be it one thing or several."""
    listed = list(value) if is_several(value) else [value]
    if not listed:
        refuse(f"{name} is empty; write at least one")
    return listed


def id_of(value: object, name: str, *attributes: str) -> str:
    """Return an identifier: the text itself, or the one that an object of the API holds."""
    held: Any = next((getattr(value, attribute) for attribute in attributes if _has(value, attribute)), value)
    return checked_text(held, name, f"write the id, or pass an object that has {_one_of(attributes)}")


def _has(value: object, attribute: str) -> bool:
    return not isinstance(value, str) and isinstance(getattr(value, attribute, None), str)


def _one_of(names: Iterable[str]) -> str:
    return " or ".join(f".{name}" for name in names)
