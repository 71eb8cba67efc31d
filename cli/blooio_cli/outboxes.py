"""Open outboxes by file, URL or environment, and read rows from files and options."""

from __future__ import annotations

import csv
import datetime
import io
import os
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO
from urllib.parse import urlsplit

from .exits import NOT_DONE, USAGE, Failure
from .output import progress

if TYPE_CHECKING:
    from blooio_client.outbox import Outbox, OutboxRowError

VARIABLE: Final = "BLOOIO_OUTBOX_URL"
DEFAULT: Final = "outbox.db"
FIELDS: Final = ("to", "text", "key", "format", "from_number", "not_before", "not_after", "zone")
"""The columns of a CSV file; others are ignored."""
_TIMES: Final = ("not_before", "not_after")
_SQLITE: Final = "sqlite:///"
# The advice in the errors of the outbox, reworded for the command line.
_REWORDED: Final = {
    "must be a datetime, not str": "must be a time with an offset, such as 2026-11-28T09:00+01:00",
    "must be aware: add a time zone, such as tzinfo=datetime.UTC": "needs an offset, such as 2026-11-28T09:00+01:00",
    "pass key= or campaign=": "pass --campaign or a key",
    "text must be a str that is not blank": "text is missing or blank",
    "must be a printable str that is not blank": "must not be blank or have control characters",
    'quiet_hours must be None or two local times such as ("21:00", "08:00")': "quiet hours must be 21:00-08:00 or none",
    'quiet_hours must be local times such as "21:00"': "quiet hours must be local times such as 21:00-08:00",
    "call outbox.migrate() once": "run `blooio outbox migrate`",
    "then pass allow_duplicates=True": "then pass --allow-duplicates",
}


@contextmanager
def opened(db: str | None, *, may_create: bool = False, **settings: Any) -> Generator[Outbox]:
    """Open the outbox of `--db` or the environment; a database error ends the command.

    Raises:
        Failure: The outbox cannot be used.
    """
    url = url_of(db)
    if not may_create and not exists(url):
        path = url.removeprefix(_SQLITE)
        raise Failure(f"{path} does not exist: name your outbox with --db or {VARIABLE}, or add a message first", USAGE)
    outbox = _outbox(url, **settings)  # the error names a missing package

    import sqlalchemy.exc

    from blooio_client import InvalidArgumentError
    from blooio_client.outbox import OutboxVersionError

    try:
        with closing(outbox):
            yield outbox
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise Failure(f"the outbox's database is unavailable: {reason_of(error)}", NOT_DONE) from None
    except OSError as error:
        raise Failure(f"the outbox cannot be opened: {error.strerror or error}", NOT_DONE) from None
    except OutboxVersionError as error:
        raise Failure(reworded(str(error)), NOT_DONE) from None
    except InvalidArgumentError as error:
        raise Failure(reworded(str(error)), USAGE) from None


def _outbox(url: str, **settings: Any) -> Outbox:
    from blooio_client import InvalidArgumentError
    from blooio_client.outbox import Outbox

    try:
        return Outbox(url, **settings)
    except InvalidArgumentError as error:
        raise Failure(reworded(str(error)), USAGE) from None


def url_of(db: str | None) -> str:
    """Return the URL of the outbox.

    Raises:
        Failure: The URL has a password, which must not be an argument.
    """
    if db is not None and "://" in db and _has_password(db):
        raise Failure(f"--db has a password, which other users of this machine can read: set {VARIABLE} instead", USAGE)
    chosen = db or os.environ.get(VARIABLE) or DEFAULT
    return chosen if "://" in chosen else _SQLITE + chosen


def _has_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password) or "password=" in url
    except ValueError:  # not a URL: the outbox says so
        return False


def exists(url: str) -> bool:
    """Return whether an outbox may exist at a URL: a SQLite file must exist."""
    return not url.startswith(_SQLITE) or Path(url.removeprefix(_SQLITE)).exists()


def reason_of(error: Exception) -> str:
    """Return the first line of the database driver's message, without the statement and its values."""
    message = str(getattr(error, "orig", None) or type(error).__name__)
    return message.splitlines()[0]


def reworded(text: str) -> str:
    """Reword an error of the outbox for the command line."""
    for python, words in _REWORDED.items():
        text = text.replace(python, words)
    return text


def row_error(error: OutboxRowError) -> dict[str, Any]:
    """Return the problem of a row, numbered from 1."""
    _, _, text = str(error).partition(": ")
    return {"row": (error.row or 0) + 1, "message": reworded(text)}


def row_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a row for the outbox: recipients and times parsed, empty fields left out."""
    row = {name: value for name, value in fields.items() if value}
    if "," in row.get("to", ""):
        row["to"] = [each.strip() for each in row["to"].split(",")]
    return {name: _moment(value) if name in _TIMES else value for name, value in row.items()}


def _moment(value: str) -> datetime.datetime | str:
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return value  # the outbox adds the row number


def rows_in(file: TextIO, columns: Mapping[str, str], shared: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the rows of a CSV file; its header is read at once.

    Args:
        file: The file.
        columns: The column names of fields that are named differently.
        shared: Default values for each row, or its text.

    Raises:
        Failure: A column is missing, or it is not a CSV file.
    """
    # Strict: after a quote that is never closed, all other rows would be part of the text.
    reader = csv.DictReader(file, strict=True)
    # One text for every row replaces a column, which may hold notes; the other shared values are defaults.
    names = {field: columns.get(field, field) for field in FIELDS if field != "text" or field not in shared}
    with _as_csv():
        headings = [heading for heading in reader.fieldnames or () if heading]
    for field in ("to", "text"):
        if field not in shared and names[field] not in headings:
            raise Failure(f"the file has no column {names[field]!r}: {_advice(field, headings)}", USAGE)
    for name in names.values():
        if headings.count(name) > 1:  # only the last one would count
            raise Failure(f"the file has several columns {name!r}: rename all but one", USAGE)

    def rows() -> Iterator[dict[str, Any]]:
        with _as_csv():
            for line in reader:
                # A text with commas but without quotes would be cut at its first comma.
                if any(line.get(None) or ()):
                    problem = "has more columns than the heading: put texts with commas in double quotes"
                    raise Failure(f"line {reader.line_num} {problem}", USAGE)
                yield {**shared, **row_of({field: line.get(name) for field, name in names.items()})}

    return rows()


def _advice(field: str, headings: list[str]) -> str:
    if not headings:
        return "it is empty"
    if len(headings) == 1 and ";" in headings[0]:
        return "separate the columns with commas, not semicolons"
    return f"name it with --{field}-column, such as {headings[0]!r}; the columns are {', '.join(headings)}"


@contextmanager
def _as_csv() -> Generator[None]:
    try:
        yield
    except (csv.Error, UnicodeDecodeError) as error:
        raise Failure(f"the file is not CSV in UTF-8: {error}", USAGE) from None


def _stdin() -> TextIO:
    """Return stdin, read like a file."""
    stdin: TextIO = sys.stdin
    if isinstance(stdin, io.TextIOWrapper):
        stdin.reconfigure(encoding="utf-8-sig", errors="strict", newline="")
    return sys.stdin


@contextmanager
def reading(path: str) -> Generator[TextIO]:
    """Open a CSV file, or stdin for `-`; with a progress bar on a terminal.

    Raises:
        Failure: It cannot be read.
    """
    if path == "-":
        yield _stdin()
        return
    with ExitStack() as stack:
        try:
            if sys.stderr.isatty():
                bar = stack.enter_context(progress())
                description = f"Adding {Path(path).name}"
                opening = bar.open(path, "r", encoding="utf-8-sig", newline="", description=description)
                file: TextIO = stack.enter_context(opening)
            else:
                file = stack.enter_context(Path(path).open("r", encoding="utf-8-sig", newline=""))
        except OSError as error:
            raise Failure(f"{path} cannot be read: {error.strerror}", USAGE) from None
        yield file
