"""The words with which people end messages to them, and allow them again.

Only a message that consists of nothing else counts: "Stop!" does, "stop by at noon" does not.
"""

from __future__ import annotations

from typing import Final

STOP_WORDS: Final = frozenset(
    {
        *("stop", "stopall", "stop all", "end", "quit", "cancel", "unsubscribe", "revoke"),
        *("optout", "opt out", "opt-out"),
    }
)
"""What the CTIA's messaging principles and the FCC's rules (47 CFR 64.1200) name as an opt-out."""
START_WORDS: Final = frozenset({"start", "unstop", "optin", "opt in", "opt-in"})
"""An opt-in. `yes` is not among them: it is the most common reply to any question."""

_AROUND: Final = " \t\r\n.,;:!?'\"“”‘’„«»()*_"  # noqa: RUF001 - the quotation marks that phones write


def is_opt_out(text: str | None) -> bool:
    """Return whether a message is nothing but a word that ends messages.

    Args:
        text: The message's text; None for a message without text.
    """
    return _word(text) in STOP_WORDS


def is_opt_in(text: str | None) -> bool:
    """Return whether a message is nothing but a word that allows messages again.

    Args:
        text: The message's text; None for a message without text.
    """
    return _word(text) in START_WORDS


def _word(text: str | None) -> str:
    return " ".join((text or "").strip(_AROUND).casefold().split())
