"""The effect of changed public names on users and on the version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEVELS = ("patch", "minor", "major")


class Difference(NamedTuple):
    """A public name that changed, with the level and the change."""

    level: str
    text: str


def differences(old: list[str], new: list[str]) -> list[Difference]:
    """Compare two exports of the public names, which have one name per line."""
    before, after = _by_name(set(old) - set(new)), _by_name(set(new) - set(old))
    return [
        *(Difference("major", f"gone: {before[name]}") for name in before if name not in after),
        *(_changed(before[name], after[name]) for name in before if name in after),
        *(Difference("minor", f"new: {after[name]}") for name in after if name not in before),
    ]


def _by_name(lines: Iterable[str]) -> dict[str, str]:
    """Return each line by its name; in the path of a method, `chat()` is not a signature."""
    return {
        re.split("[(:]", line.removeprefix("class ").replace("chat().", "chat."))[0]: line for line in sorted(lines)
    }


def _changed(old: str, new: str) -> Difference:
    is_compatible = _takes_all_that(new, old)
    return Difference("minor" if is_compatible else "major", f"changed: {old}\n      to: {new}")


def _takes_all_that(new: str, old: str) -> bool:
    """Return whether a signature only gained optional arguments."""
    one, two = list(_arguments(old)), list(_arguments(new))
    if not one or not two or _result(old) != _result(new):
        return False
    added = [each for each in two if each not in one]
    kept = [each for each in two if each in one]
    if "*" in added:  # positional arguments must still be accepted
        first = added.pop(added.index("*"))
        if any(each in one for each in two[two.index(first) :]):
            return False
    return kept == one and all(" = " in each for each in added)


def _arguments(line: str) -> Iterator[str]:
    depth, start = 0, 0
    inside = line.replace("chat().", "chat.").partition("(")[2]
    for index, letter in enumerate(inside):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth < 0:
                yield inside[start:index].strip()
                return
        elif letter == "," and depth == 0:
            yield inside[start:index].strip()
            start = index + 1


def _result(line: str) -> str:
    return line.rpartition(" -> ")[2]


def suggested(version: str, levels: Iterable[str]) -> str:
    """Return the next version for the largest change."""
    major, minor, patch = map(int, version.split("."))
    gravest = max((LEVELS.index(level) for level in levels), default=0)
    return (f"{major}.{minor}.{patch + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0")[gravest]
