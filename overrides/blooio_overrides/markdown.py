"""The limits of a text that is sent as Markdown, checked before it leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .arguments import checked_text, reject

MARKDOWN: Final = "markdown"
MAX_TEXT: Final = 20_000
"""The most characters in a text, including delimiters."""
MAX_RANGES: Final = 256
"""The most formatted ranges in a text."""
# Escaped characters and code are matched so that the delimiters in them are passed over.
_TOKEN: Final = re.compile(r"\\.|`[^`\n]*`|\n|\*\*|\*|__|_|\+\+|~~", re.DOTALL)


def checked_format(form: object, texts: Sequence[tuple[str, str]], *, has_attachments: bool) -> str:
    """Return the format of a message.

    Args:
        form: The format that was passed.
        texts: Each text, with its name for error messages.
        has_attachments: Whether the message has attachments.

    Raises:
        InvalidArgumentError: The message cannot have this format, or a text is beyond its limits.
    """
    name = str(checked_text(form, "format", "expected 'plain' or 'markdown'"))
    if name == MARKDOWN:
        _check_markdown(texts, has_attachments=has_attachments)
    return name


def _check_markdown(texts: Sequence[tuple[str, str]], *, has_attachments: bool) -> None:
    if has_attachments:
        reject("format='markdown' cannot be combined with attachments; send them as a separate message")
    if not texts:
        reject("format='markdown' requires a text")
    for name, text in texts:
        if len(text) > MAX_TEXT:
            reject(f"{name} has {len(text)} characters; expected at most {MAX_TEXT} with format='markdown'")
        if (count := formatted_ranges(text)) > MAX_RANGES:
            reject(f"{name} has {count} formatted ranges; expected at most {MAX_RANGES}")


def formatted_ranges(text: str) -> int:
    """Count the ranges of a text between `**`, `__`, `*`, `_`, `++` or `~~`.

    Blooio finds at least as many: nested ranges, and those over several lines, do not count here.
    """
    count, opening = 0, None
    for token in _TOKEN.finditer(text):
        delimiter = token[0]
        if delimiter[0] in "\\`":
            continue
        if delimiter == "\n":
            opening = None
        elif opening is None:
            opening = token if _opens(text, token) else None
        elif delimiter == opening[0] and token.start() > opening.end() and _closes(text, token):
            count, opening = count + 1, None
    return count


def _opens(text: str, token: re.Match[str]) -> bool:
    before, after = text[token.start() - 1 : token.start()], text[token.end() : token.end() + 1]
    return bool(after.strip()) and not (token[0][0] == "_" and before.isalnum())


def _closes(text: str, token: re.Match[str]) -> bool:
    before, after = text[token.start() - 1], text[token.end() : token.end() + 1]
    return bool(before.strip()) and not (token[0][0] == "_" and after.isalnum())
