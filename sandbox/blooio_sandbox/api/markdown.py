"""Messages in Markdown: the text that the recipient sees, and the Markdown that Blooio returns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blooio_sandbox.responses import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT: int = 20_000
MAX_RANGES: int = 256
CODE: str = "invalid_content"

_STYLES = {"**": "**", "__": "**", "*": "*", "_": "*", "++": "++", "~~": "~~"}
_TOKEN = re.compile(r"\\[\\*_+~]|\*\*|__|\*|_|\+\+|~~")
_STAR = re.compile(r"\*")
_READ_AS_DELIMITER = re.compile(r"[\\*_]|\+(?=\+)|(?<=\+)\+|~(?=~)|(?<=~)~")


@dataclass
class _Run:
    text: str
    styles: set[str] = field(default_factory=set[str])


def read_markdown(source: str, pointer: str) -> tuple[str, str | None]:
    """Return the plain text of a Markdown source, and its Markdown as Blooio writes it; None without any style.

    Raises:
        ApiError: It is too long, or has too many formatted ranges (400).
    """
    if len(source) > MAX_TEXT:
        raise invalid(pointer, f"Markdown must have at most {MAX_TEXT} characters", CODE)
    runs = _joined(_parse(source))
    count = sum(bool(run.styles) for run in runs)
    if count > MAX_RANGES:
        raise invalid(pointer, f"Markdown must have at most {MAX_RANGES} formatted ranges", CODE)
    return "".join(run.text for run in runs), _write(runs) if count else None


def _parse(source: str) -> list[_Run]:
    runs, openings, end = list[_Run](), list[int](), 0
    while (token := _TOKEN.search(source, end)) is not None:
        # Of three asterisks, the first one ends the italic text.
        if source.startswith("***", token.start()) and openings and runs[openings[-1]].text == "*":
            token = _STAR.match(source, token.start()) or token
        runs.append(_Run(source[end : token.start()]))
        end = token.end()
        delimiter = token[0]
        if delimiter[0] == "\\":
            runs.append(_Run(delimiter[1:]))
            continue
        opening = next((at for at in reversed(openings) if runs[at].text == delimiter), None)
        if (
            opening is not None
            and _is_edge(source, token, closes=True)
            and any(run.text for run in runs[opening + 1 :])
        ):
            for run in runs[opening + 1 :]:
                run.styles.add(_STYLES[delimiter])
            runs[opening].text = ""
            openings = openings[: openings.index(opening)]
            continue
        if _is_edge(source, token, closes=False):
            openings.append(len(runs))
        runs.append(_Run(delimiter))
    return [*runs, _Run(source[end:])]


def _is_edge(source: str, token: re.Match[str], *, closes: bool) -> bool:
    """Return whether a delimiter is at the edge of a word: text on one side and, for `_`, none on the other."""
    before, after = source[: token.start()][-1:], source[token.end() :][:1]
    inside, outside = (before, after) if closes else (after, before)
    return bool(inside.strip()) and not (token[0][0] == "_" and outside.isalnum())


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    joined = list[_Run]()
    for run in runs:
        if joined and joined[-1].styles == run.styles:
            joined[-1].text += run.text
        elif run.text:
            joined.append(run)
    return joined


def _write(runs: list[_Run]) -> str:
    written, opened = list[str](), list[str]()
    for run in [*runs, _Run("")]:
        while not run.styles.issuperset(opened):
            written.append(opened.pop())
        for style in sorted(run.styles.difference(opened), key=list(_STYLES).index):
            opened.append(style)
            written.append(style)
        written.append(_READ_AS_DELIMITER.sub(r"\\\g<0>", run.text))
    return "".join(written)
