"""Write the reference in docs/cli.md: the help of every command, as the command prints it."""

from __future__ import annotations

import functools
import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final
from unittest import mock

import typer.main

from blooio_cli.app import app

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
BEGIN: Final = "<!-- Below is written by `make cli-reference`. -->\n"


@functools.cache
def root() -> Any:
    """Return the command line, which is slow to build."""
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, ...]]:
    """Return the words of every command, in the order of the help."""
    yield ()
    for name, command in root().commands.items():
        yield (name,)
        for inner in getattr(command, "commands", ()):
            yield name, inner


@functools.cache
def help_of(words: tuple[str, ...]) -> str:
    """Return what a command prints for --help."""
    if words == ("sandbox",):  # its help is that of `blooio-sandbox`
        return "Usage: blooio sandbox [OPTIONS]\n\n  Run a local Blooio until Ctrl-C: the same as `blooio-sandbox`."
    with redirect_stdout(io.StringIO()) as shown, mock.patch.dict(os.environ, COLUMNS="82"):
        root().main([*words, "--help"], prog_name="blooio", standalone_mode=False)
    return "\n".join(line.rstrip() for line in shown.getvalue().strip().splitlines())


def examples(words: tuple[str, ...]) -> list[str]:
    """Return the examples in the help of a command."""
    found = re.search(r"^  Examples:\n((?:    .*\n)+)", help_of(words) + "\n", re.MULTILINE)
    return [line.strip() for line in found[1].splitlines()] if found else []


def written(page: str) -> str:
    """Return a page with the reference as it is now."""
    sections = [f"### `{' '.join(('blooio', *words))}`\n\n```text\n{help_of(words)}\n```\n" for words in commands()]
    return page.partition(BEGIN)[0] + BEGIN + "\n" + "\n".join(sections)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(f"wrote {PAGE.name}")
