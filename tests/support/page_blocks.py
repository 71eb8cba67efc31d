"""The code in a page of the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent


def blocks(page: Path, fence: str = "python") -> list[str]:
    """Return the code blocks of a page, each padded so that its line numbers are those of the page."""
    text = page.read_text("utf-8")
    found = re.finditer(rf"^( *)```{fence}\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return ["\n" * (text[: match.start()].count("\n") + 1) + dedent(match[2]) for match in found]
