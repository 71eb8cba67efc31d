"""The output of commands: tables and bubbles on a terminal, plain text in a pipe, JSON with `--json`."""

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
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console, RenderableType
    from rich.progress import Progress

    from blooio_client import Message, Pager

    from .exits import Failure

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], object]]
"""The columns of a table: headings and values."""

_KEPT: Final = "\n\t\u200d"
"""The unprintable characters that are kept: line breaks, tabs and emoji joiners. Others could rewrite a terminal."""
_MASK: Final = "**********"


class UnwritableError(Exception):
    """Stdout cannot be written: its reader is gone, or the disk is full. The cause says which."""


class Output:
    """Where a command prints: results on stdout, everything else on stderr."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.is_terminal = not as_json and sys.stdout.isatty()
        self.is_watched = sys.stderr.isatty() and not (as_json and sys.stdout.isatty())
        """Whether to show progress: not if JSON goes to the same terminal."""

    def done(self, value: object, text: str, plain: str | None = None) -> None:
        """Print the result of an action.

        Args:
            value: The result itself, for `--json`.
            text: The sentence for a terminal.
            plain: The output for a pipe, such as an id. Defaults to the sentence.
        """
        if self.as_json:
            self._json(value)
        elif self.is_terminal:
            console().print("✓", _text(text), style="green", soft_wrap=True)
        else:
            _line(clean(text if plain is None else plain))

    def block(self, *paragraphs: str) -> None:
        """Print text unchanged, for people to copy."""
        _line(clean("\n\n".join(paragraphs)))

    def table(self, items: Iterable[T], columns: Columns[T]) -> None:
        """Print a list: a table on a terminal; in a pipe, one line per item with tab-separated columns."""
        if self.as_json:
            for item in items:
                self._json(item)
        elif self.is_terminal:
            console().print(_table(list(columns), ([cell(item) for cell in columns.values()] for item in items)))
        else:
            for item in items:
                _line("\t".join(_cell(cell(item)) for cell in columns.values()))

    def details(self, item: T, columns: Columns[T]) -> None:
        """Print one object: one line per field."""
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
            self.table(messages, {**columns("time=time_sent direction sender"), "text": content_of})
            return
        for message in messages:
            console().print(_bubble(message))

    @contextmanager
    def live(self, columns: Columns[T]) -> Generator[Callable[[T], None]]:
        """Return a function that adds a row, to a live table on a terminal or else as a line."""
        if not self.is_terminal:
            yield lambda item: self.table([item], columns)
            return
        from rich.live import Live

        rows: deque[list[object]] = deque(maxlen=max(5, console().height - 6))  # as many as fit on the screen
        with Live(_table(list(columns), rows), console=console(), vertical_overflow="visible") as live:

            def add(item: T) -> None:
                rows.append([cell(item) for cell in columns.values()])
                live.update(_table(list(columns), rows), refresh=True)

            yield add

    def read(self, pager: Pager[T], noun: str) -> Iterator[T]:
        """Yield the items of a list, with a progress bar on stderr if it has more than one page."""
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
        """Print a note on stderr."""
        try:
            sys.stdout.flush()
            sys.stderr.write(clean(text) + "\n")
            sys.stderr.flush()
        except OSError:  # nobody reads it, but the exit code still says what happened
            _discard(sys.stderr)

    def stop(self) -> None:
        """Stop printing to stdout: its reader is gone, and Python would report an error at exit."""
        _discard(sys.stdout)

    def failure(self, failure: Failure) -> None:
        """Print why a command failed, as a JSON object with `--json`."""
        if self.as_json:
            error = {"message": str(failure), "exit_code": failure.exit_code, **failure.details}
            self.note(json.dumps({"error": error}, ensure_ascii=False, default=str))
        else:
            self.note(f"blooio: {failure}")

    def _json(self, value: object) -> None:
        # Control characters are harmful on a terminal; in a pipe, keep the text unchanged if its encoding can.
        is_ascii = sys.stdout.isatty() or (sys.stdout.encoding or "utf-8").lower() not in ("utf-8", "utf8")
        _line(json.dumps(json_of(value), ensure_ascii=is_ascii, default=_json_default))


def columns(words: str) -> Columns[Any]:
    """Return columns described by attributes: `columns("chat=id name text=last_message.text")`.

    Args:
        words: Attributes, or `heading=attribute` for another heading. A step to None yields None.
    """

    def reading(path: str) -> Callable[[Any], object]:
        return lambda item: reduce(
            lambda found, name: None if found is None else getattr(found, name), path.split("."), item
        )

    pairs = (word.split("=") for word in words.split())
    return {pair[0]: reading(pair[-1]) for pair in pairs}


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 message", "2 messages"."""
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
    """Return fields without the API key, which `getMe` returns."""
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
    return str(value) if inner is value else inner  # a Secret masks itself


def clean(text: str) -> str:
    """Remove control characters, which could rewrite a terminal, from text that others may have written."""
    return "".join(char if char.isprintable() or char in _KEPT else "\ufffd" for char in text)


def content_of(message: Message) -> str:
    """Return the content of a message: its text and its attachments."""
    attachments = [f"[{getattr(each, 'name', None) or 'attachment'}]" for each in message.attachments or []]
    return " ".join([*([message.text] if message.text else []), *attachments])


def console(*, on_stderr: bool = False) -> Console:
    """Return a rich console, which obeys NO_COLOR."""
    from rich.console import Console

    return Console(stderr=on_stderr, highlight=False, markup=False, emoji=False)


def progress() -> Progress:
    """Return a progress bar on stderr, which disappears when done."""
    from rich.progress import Progress

    return Progress(console=console(on_stderr=True), transient=True)


def _discard(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _line(text: str) -> None:
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise UnwritableError from error


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
    text = _text(content_of(message))
    inner = min(width, max(text.cell_len, len(foot) + 2) + 4)
    style = "blue" if is_own else "bright_black"
    panel = Panel(text, width=inner, border_style=style, subtitle=_text(foot, "dim"), subtitle_align="right")
    return Align(panel, "right" if is_own else "left")
