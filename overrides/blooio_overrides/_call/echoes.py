"""Decide whether an error may show the service's message: only if that repeats nothing that was sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

from blooio_client.call import FormField
from blooio_client.types import Call

MAX_SHOWN: Final = 200
"""The most characters of a message that an error shows."""
_PIECE: Final = 10
"""The number of consecutive characters that counts as a repetition: a message may quote only the start of a text."""
_PRIVATE: Final = re.compile(r"@|(?:\d[\s().\-]*){7}|whsec_|\*{5}")
"""An address, a number, a secret or a masked key, whether it was sent or not."""
_NOT_PRIVATE: Final = frozenset({"accept", "accept-encoding", "content-type", "user-agent"})
_BLANKS: Final = re.compile(r"\s+")


def showable(message: str | None, call: Call[Any], headers: Mapping[str, str]) -> str | None:
    """Return a message of the service in the form that an error shows; None if it may repeat something private.

    Args:
        message: The service's message.
        call: The call that was sent.
        headers: The headers that were sent.
    """
    from html import unescape  # rare, and large

    text = _plain((message or "")[: 2 * MAX_SHOWN])
    # A server may quote the path of a request, or escape a text for HTML.
    said = [text.casefold(), _plain(unescape(unquote_plus(unquote(text)))).casefold()]
    if not text or any(map(_PRIVATE.search, said)):
        return None
    for sent in _everything_sent(call, headers):
        folded = _plain(sent).casefold()
        if any(_repeats(each, folded) for each in said):
            return None
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _plain(text: str) -> str:
    """Return a text on one line, with composed accents and without terminal control characters."""
    composed = unicodedata.normalize("NFC", text)
    return _BLANKS.sub(" ", "".join(char if char.isprintable() else " " for char in composed)).strip()


def _repeats(message: str, sent: str) -> bool:
    if len(sent) <= _PIECE:
        return bool(sent) and re.search(rf"(?<!\w){re.escape(sent)}(?!\w)", message) is not None
    return any(message[start : start + _PIECE] in sent for start in range(len(message) - _PIECE + 1))


def _everything_sent(call: Call[Any], headers: Mapping[str, str]) -> Iterator[str]:
    # Only the values of parameters: the fixed words of the path are Blooio's own.
    filled = set(call.path.split("/")) - set(call.template.split("/"))
    yield from (part for segment in filled for part in unquote(segment).split(","))
    yield from _texts(call.params.values())
    yield from _texts([call.json])
    yield from (value for name, value in {**call.headers, **headers}.items() if name.lower() not in _NOT_PRIVATE)
    yield from (unquote(pair.partition("=")[2]) for pair in call.headers.get("cookie", "").split("; "))
    for file in (call.files or {}).values():
        yield file.payload.decode() if isinstance(file, FormField) else file.file_name


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Yield every text and number in JSON values, without recursion: a body may be nested deeply."""
    left = list(values)
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            left += value.values()
        elif isinstance(value, list | tuple):
            left += value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield str(value)
