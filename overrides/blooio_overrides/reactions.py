"""Reactions: which one, and to which message."""

from __future__ import annotations

from enum import StrEnum

from .arguments import checked_text, id_of, reject
from .emoji import one_emoji


class Tapback(StrEnum):
    """The six reactions that every iMessage user knows."""

    __module__ = "blooio_client"

    LOVE = "love"
    LIKE = "like"
    DISLIKE = "dislike"
    LAUGH = "laugh"
    EMPHASIZE = "emphasize"
    QUESTION = "question"


_HINT = f"expected one of {', '.join(Tapback)}, or one emoji"


def reaction(value: object) -> str:
    """Return a reaction: the name of a tapback, or one emoji in its full form.

    Raises:
        InvalidArgumentError: The value is neither, or starts with a plus or minus, which `react` and `unreact` add.
    """
    if not isinstance(value, str):
        reject(f"the reaction is {type(value).__name__}; {_HINT}")
    if emoji := one_emoji(value):
        return emoji
    text = checked_text(value, "the reaction", _HINT)
    if text[0] in "+-":
        reject("the reaction starts with a plus or a minus; leave it out: react adds a reaction, unreact removes it")
    if text not in tuple(Tapback):
        reject(f"the reaction is neither a tapback nor one emoji; {_HINT}")
    return str(text)


def reacted_message(message: object, direction: object) -> str:
    """Return the message of a reaction as it goes into the path: an id, or a negative index counted from the end.

    Raises:
        InvalidArgumentError: The index is not negative or is a string, or a direction was passed with an id.
    """
    if isinstance(message, bool) or (isinstance(message, int) and message >= 0):
        reject("message is an index that is not negative; expected -1 for the last message, -2 for the one before")
    if isinstance(message, int):
        return str(message)
    identifier = id_of(message, "message", "message_id")
    if (index := identifier.strip())[0] == "-" and index[1:].isdecimal():
        reject("message is an index as a string; expected a number, such as message=-1")
    if direction is not None:
        reject("direction only applies to a relative index; leave it out with a message id")
    return identifier
