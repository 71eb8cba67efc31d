"""Check the arguments of polls."""

from __future__ import annotations

from typing import Final

from blooio_client.types import JsonObject

from ..arguments import is_several, reject

MIN_OPTIONS: Final = 2
MAX_OPTIONS: Final = 10
_OPTIONS: Final = f"expected a list of {MIN_OPTIONS} to {MAX_OPTIONS} texts"


def poll_body(options: object, title: object) -> JsonObject:
    """Return the body of a poll.

    Raises:
        InvalidArgumentError: There are too few or too many options, one of them is blank, or the title is not a str.
    """
    if title is not None and not isinstance(title, str):
        reject(f"title is {type(title).__name__}; expected str")
    body: JsonObject = {"options": _checked_options(options)}
    return body if title is None else {**body, "title": title}


def _checked_options(options: object) -> list[str]:
    if not is_several(options):
        reject(f"options is {type(options).__name__}; {_OPTIONS}")
    listed = list(options)
    if not MIN_OPTIONS <= len(listed) <= MAX_OPTIONS:
        reject(f"options has {len(listed)} entries; {_OPTIONS}")
    for position, option in enumerate(listed):
        if not isinstance(option, str) or not option.strip():
            reject(
                f"options[{position}] is {'empty' if isinstance(option, str) else type(option).__name__}; {_OPTIONS}"
            )
    return listed
