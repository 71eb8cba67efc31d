"""Reactions: which one, and to which message."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from .arguments import checked_text, id_of, refuse


class Tapback(StrEnum):
    """The six reactions that every iMessage user knows."""

    LOVE = "love"
    LIKE = "like"
    DISLIKE = "dislike"
    LAUGH = "laugh"
    EMPHASIZE = "emphasize"
    QUESTION = "question"


_NAMES = ", ".join(Tapback)
_JOINER = "\u200d"
_KEYCAP = "\u20e3"
_LETTERLIKE = "‼⁉〰ℹ"  # noqa: RUF001 - the emoji that Unicode counts among punctuation and letters


def reaction(value: object) -> str:
    """Return a reaction: the name of a tapback, or one emoji.

    Raises:
        InvalidArgumentError: It is neither, or begins with a plus or minus: react and unreact say that already.
    """
    text = checked_text(value if not isinstance(value, str) else _without_joiners(value), "the reaction", _HINT)
    if isinstance(value, str) and text[0] in "+-":
        refuse("the reaction begins with a plus or a minus; leave it out: react adds, unreact removes")
    if value in tuple(Tapback):
        return str(value)
    if not isinstance(value, str) or not is_one_emoji(value):
        refuse(f"the reaction is neither a tapback nor one emoji; {_HINT}")
    return value


_HINT = f"write one of {_NAMES}, or one emoji"


def _without_joiners(text: str) -> str:
    # The joiners and tags inside of an emoji are invisible by themselves, and right where they are.
    return "".join(char for char in text if not _is_attached(char) and char != _JOINER)


def is_one_emoji(text: str) -> bool:
    """Whether a text is a single emoji, with skin tones, joined ones, flags and keycaps counting as one."""
    return _count_emoji(text) == 1


def _count_emoji(text: str) -> int | None:
    """Count the emoji of a text; None where anything else stands in it."""
    if text.endswith(_KEYCAP):
        return 1 if text.rstrip(_KEYCAP + "\ufe0f") in tuple("0123456789#*") else None
    count, joined, regional = 0, False, False
    for char in text:
        if char == _JOINER:
            joined = True
        elif _is_attached(char):
            continue
        elif not _is_symbol(char):
            return None
        elif joined:
            joined = False
        elif regional and _is_regional(char):
            regional = False
        else:
            count, regional = count + 1, _is_regional(char)
    return None if joined or regional else count


def _is_attached(char: str) -> bool:
    """Whether a character changes the emoji before it: a variation selector, a skin tone, a tag of a flag."""
    return char == "\ufe0f" or 0x1F3FB <= ord(char) <= 0x1F3FF or 0xE0020 <= ord(char) <= 0xE007F  # noqa: PLR2004 - code points


def _is_regional(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF  # noqa: PLR2004 - code points


def _is_symbol(char: str) -> bool:
    if char.isascii():
        return False
    category = unicodedata.category(char)
    # An emoji that is newer than this Python's Unicode tables has no category yet.
    is_new = category == "Cn" and ord(char) >= 0x1F000  # noqa: PLR2004 - code points
    return category in ("So", "Sm") or char in _LETTERLIKE or is_new


def reacted_message(message: object, direction: object) -> str:
    """Return the message of a reaction as the path wants it: an id, or a negative index counted from the end.

    Raises:
        InvalidArgumentError: An index that is not negative, an index as text, or a direction beside an id.
    """
    if isinstance(message, bool) or (isinstance(message, int) and message >= 0):
        refuse("message is an index that is not negative; write -1 for the last message, -2 for the one before")
    if isinstance(message, int):
        return str(message)
    identifier = id_of(message, "message", "message_id")
    if (index := identifier.strip())[0] == "-" and index[1:].isdecimal():
        refuse("message is an index written as text; write it as a number, such as message=-1")
    if direction is not None:
        refuse("direction goes with a relative index only; leave it out beside a message id")
    return identifier
