"""Everything that commands print: tables and bubbles on a terminal, plain text in a pipe, JSON with `--json`."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console, RenderableType
    from rich.progress import Progress

    from blooio_client import Message, Pager

    from .exits import Failure

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], object]]
"""The columns of a table: a heading, and what stands under it."""

_KEPT: Final = "\n\t\u200d"
"""What is not printable and kept: ends of lines, tabs, and what joins emojis. Anything else may rewrite a terminal."""
_MASK: Final = "**********"


class Output:
    """Where a command prints: results on stdout, everything else on stderr."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.is_terminal = not as_json and sys.stdout.isatty()
        self.is_watched = sys.stderr.isatty() and not (as_json and sys.stdout.isatty())
        """Whether progress is shown: not among JSON on the same terminal."""

    def done(self, value: object, text: str, plain: str | None = None) -> None:
        """Print the result of an action.

        Args:
            value: The result itself, for `--json`.
            text: The sentence for a terminal.
            plain: What a script wants in a pipe, such as an id; the sentence, if not given.
        """
        if self.as_json:
            self._json(value)
        elif self.is_terminal:
            console().print("✓", _text(text), style="green", soft_wrap=True)
        else:
            _line(clean(text if plain is None else plain))

    def block(self, *paragraphs: str) -> None:
        """Print text as it is, for people to copy."""
        _line(clean("\n\n".join(paragraphs)))

    def table(self, items: Iterable[T], columns: Columns[T]) -> None:
        """Print a list: a table on a terminal; in a pipe a line for each item, with tabs between the columns."""
        if self.as_json:
            for item in items:
                self._json(item)
        elif self.is_terminal:
            console().print(_table(list(columns), ([cell(item) for cell in columns.values()] for item in items)))
        else:
            for item in items:
                _line("\t".join(_cell(cell(item)) for cell in columns.values()))

    def details(self, item: T, columns: Columns[T]) -> None:
        """Print one thing: a line for each field that it has."""
        if self.as_json:
            self._json(item)
            return
        found = {name: cell(item) for name, cell in columns.items()}
        for name, value in found.items():
            if value is not None:
                if self.is_terminal:
                    console().print(_text(f"{name:>{max(map(len, found))}}", "dim"), _text(_cell(value)))
                else:
                    _line(f"{name}\t{_cell(value)}")

    def messages(self, messages: Iterable[Message]) -> None:
        """Print messages: bubbles on a terminal; in a pipe time, direction, sender and text."""
        if not self.is_terminal:
            self.table(messages, {**columns("time=time_sent direction sender"), "text": said})
            return
        for message in messages:
            console().print(_bubble(message))

    @contextmanager
    def live(self, columns: Columns[T]) -> Generator[Callable[[T], None]]:
        """Give a function that adds a row: to a live table on a terminal, else as a line at once."""
        if not self.is_terminal:
            yield lambda item: self.table([item], columns)
            return
        from rich.live import Live

        rows: deque[list[object]] = deque(maxlen=max(5, console().height - 6))  # what fits on the screen
        with Live(_table(list(columns), rows), console=console(), vertical_overflow="visible") as live:

            def add(item: T) -> None:
                rows.append([cell(item) for cell in columns.values()])
                live.update(_table(list(columns), rows), refresh=True)

            yield add

    def read(self, pager: Pager[T], noun: str) -> Iterator[T]:
        """Give the items of a long list, with a progress bar on stderr when there is more than one page."""
        if not self.is_watched:
            yield from pager
            return
        with progress() as bar:
            task = None
            for page in pager.pages():
                if task is None and page.has_more:
                    task = bar.add_task(f"Reading {noun}", total=page.total)
                if task is not None:
                    bar.advance(task, len(page))
                yield from page

    def note(self, text: str) -> None:
        """Print a remark on stderr."""
        sys.stdout.flush()
        sys.stderr.write(clean(text) + "\n")
        sys.stderr.flush()

    def stop(self) -> None:
        """Print nothing more on stdout: nobody reads it any longer, and Python would complain at its end."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def failure(self, failure: Failure) -> None:
        """Print why a command failed: a JSON object with `--json`, so that scripts need not read sentences."""
        if self.as_json:
            error = {"message": str(failure), "exit_code": failure.exit_code, **failure.details}
            self.note(json.dumps({"error": error}, ensure_ascii=False, default=str))
        else:
            self.note(f"blooio: {failure}")

    def _json(self, value: object) -> None:
        # On a terminal, invisible characters could do harm; anywhere else, letters are wanted as they are.
        _line(json.dumps(json_of(value), ensure_ascii=sys.stdout.isatty(), default=_json_default))


def columns(words: str) -> Columns[Any]:
    """Return the columns that attributes make: `columns("chat=id name text=last_message.text")`.

    Args:
        words: Attributes; `heading=attribute` where the heading is another word. A step to None gives None.
    """

    def reading(path: str) -> Callable[[Any], object]:
        return lambda item: reduce(
            lambda found, name: None if found is None else getattr(found, name), path.split("."), item
        )

    pairs = (word.split("=") for word in words.split())
    return {pair[0]: reading(pair[-1]) for pair in pairs}


def counted(count: int, noun: str) -> str:
    """Return a number of things: "1 message", "2 messages"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def json_of(value: Any) -> Any:
    """Return what `--json` prints for a value: the fields of the API's own response, times as ISO 8601."""
    from blooio_client.types import Model

    if isinstance(value, Model):
        return _masked(value.to_dict(times="iso"))
    if hasattr(value, "to_dict"):
        return _masked(value.to_dict())
    if hasattr(value, "__attrs_attrs__"):
        return {name.name: getattr(value, name.name) for name in value.__attrs_attrs__ if name.name != "raw"}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value


def _masked(fields: Any) -> Any:
    """Return fields without the API key, which `getMe` gives back."""
    match fields:
        case list():
            return [_masked(each) for each in cast("Iterable[Any]", fields)]
        case dict():
            pairs = cast("dict[str, Any]", fields).items()
            return {name: _MASK if name == "api_key" and value else _masked(value) for name, value in pairs}
        case _:
            return fields


def _json_default(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    inner = json_of(value)
    return str(value) if inner is value else inner  # a Secret says that it is one


def clean(text: str) -> str:
    """Return text without what could rewrite a terminal, since others may have written it."""
    return "".join(char if char.isprintable() or char in _KEPT else "\ufffd" for char in text)


def said(message: Message) -> str:
    """Return what a message says: its text and its attachments."""
    attachments = [f"[{getattr(each, 'name', None) or 'attachment'}]" for each in message.attachments or []]
    return " ".join([*([message.text] if message.text else []), *attachments])


def console(*, on_stderr: bool = False) -> Console:
    """Return a console of rich; it obeys NO_COLOR."""
    from rich.console import Console

    return Console(stderr=on_stderr, highlight=False, markup=False, emoji=False)


def progress() -> Progress:
    """Return a progress bar on stderr, which is gone once it is done."""
    from rich.progress import Progress

    return Progress(console=console(on_stderr=True), transient=True)


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _cell(value: object) -> str:
    """Return a value on one line."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.astimezone().isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_cell(each) for each in cast("list[object]", value))
    return clean(str(value).replace("\t", " ").replace("\r\n", "\n")).replace("\n", "\\n")


def _text(value: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(clean(value), style=style)


def _table(headings: list[str], rows: Iterable[list[object]]) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*(heading.replace("_", " ") for heading in headings), box=SIMPLE_HEAD, header_style="bold")
    for row in rows:
        table.add_row(*(_text(_cell(value)) for value in row))
    return table


def _bubble(message: Message) -> RenderableType:
    from rich.align import Align
    from rich.panel import Panel

    is_own = str(message.direction) == "outbound"
    width = max(20, console().width * 2 // 3)
    faces = " ".join(str(each.reaction) for each in message.reactions or [] if getattr(each, "reaction", None))
    at = f"{message.time_sent.astimezone():%d %b %H:%M}" if message.time_sent else ""
    foot = "  ".join(
        part for part in (at, str(message.status or "") if is_own else message.sender or "", faces) if part
    )
    text = _text(said(message))
    inner = min(width, max(text.cell_len, len(foot) + 2) + 4)
    style = "blue" if is_own else "bright_black"
    panel = Panel(text, width=inner, border_style=style, subtitle=_text(foot, "dim"), subtitle_align="right")
    return Align(panel, "right" if is_own else "left")
