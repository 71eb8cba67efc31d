"""What a store is given to keep: an event's key, its chat, and the bursts that it belongs to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from . import signatures
from .events import Event, TypingStarted, TypingStopped
from .parsing import record_of
from .signatures import Headers
from .stores import Entry, Gather
from .work import Registered

_LONGEST_TEXT: Final = 512
"""The longest key that a database can index, in characters."""
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def entry_of(event: Event, headers: Headers, handlers: Iterable[Registered], *, replays: bool) -> Entry:
    """Return what to note of an event.

    Args:
        event: The event.
        headers: The headers of its delivery.
        handlers: The receiver's handlers.
        replays: Whether a replay is handled although its event was handled before.
    """
    key = event.dedupe_key
    if replays and event.is_replay:
        # The signature does not cover the replay flag. Its own signature identifies a replay, so the same
        # delivery cannot be repeated.
        signature = signatures.header(headers, signatures.HEADER)
        key += f":replay:{hashlib.sha256(signature.encode()).hexdigest()}"
    key = _storable(key)
    chat = _storable(event.chat_id) if event.chat_id else f"event:{key}"
    gathers = tuple(
        gather for handler in handlers if handler.quiet is not None and (gather := _gather(handler, event)) is not None
    )
    return Entry(key, chat, record_of(event), gathers)


def _gather(handler: Registered, event: Event) -> Gather | None:
    quiet = handler.quiet or 0.0
    if isinstance(event, handler.kind):
        return Gather(handler.name, quiet, handler.max_wait)
    if isinstance(event, TypingStarted | TypingStopped):
        is_typing = isinstance(event, TypingStarted)
        return Gather(handler.name, quiet, handler.max_wait, "hold" if is_typing else "release")
    return None


def _storable(text: str) -> str:
    """Return a key that every database can store and index: the text, or its digest."""
    if len(text) <= _LONGEST_TEXT and not _UNSTORABLE.search(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"
