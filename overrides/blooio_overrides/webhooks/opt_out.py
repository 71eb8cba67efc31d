"""The words that opt people out of messages, and in again.

Only a message that consists of nothing else counts: "Stop!" does, "stop by at noon" does not.
"""

from __future__ import annotations

import string
import unicodedata
from typing import Final

STOP_WORDS: Final = frozenset(
    {
        *("stop", "stopall", "stop all", "end", "quit", "cancel", "unsubscribe", "revoke"),
        *("optout", "opt out", "opt-out"),
    }
)
"""The opt-out words in the CTIA's messaging principles and the FCC's rules (47 CFR 64.1200)."""
START_WORDS: Final = frozenset({"start", "unstop", "optin", "opt in", "opt-in"})
"""Opt-in words. `yes` is not one of them: it is the most common reply to any question."""

_AROUND: Final = string.whitespace + string.punctuation
_MAX_LENGTH: Final = 64
"""Longer texts are not compared: no word has nearly as many characters."""


def is_opt_out(text: str | None) -> bool:
    """Return whether the whole message is an opt-out word.

    Args:
        text: The message's text; None for a message without text.
    """
    return plain_word(text) in STOP_WORDS


def is_opt_in(text: str | None) -> bool:
    """Return whether the whole message is an opt-in word.

    Args:
        text: The message's text; None for a message without text.
    """
    return plain_word(text) in START_WORDS


def plain_word(text: str | None) -> str:
    """Normalize a text to compare it with the words; "" if it is too long to be one."""
    bare = (text or "").strip(_AROUND)
    if len(bare) > _MAX_LENGTH:
        return ""
    # Keyboards write full-width letters, an ellipsis as one character, and invisible marks.
    kinds = [(char, unicodedata.category(char)) for char in unicodedata.normalize("NFKC", bare)]
    visible = "".join("-" if kind == "Pd" else char for char, kind in kinds if kind not in ("Cf", "Mn"))
    punctuation = "".join(char for char, kind in kinds if kind[0] in "PZ")
    return " ".join(visible.strip(_AROUND + punctuation).casefold().split())
