"""Add messages to the outbox: one, or those in a CSV file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ..exits import USAGE, Failure
from ..outboxes import exists, opened, reading, row_error, row_of, rows_in, url_of
from ..output import counted
from ..session import Session, command

if TYPE_CHECKING:
    from blooio_client.outbox import Added

app = typer.Typer(help="Queue messages; each is sent once, even across crashes.", no_args_is_help=True)

DB = Annotated[
    str | None,
    typer.Option("--db", metavar="FILE", help="A SQLite file. Defaults to BLOOIO_OUTBOX_URL, then outbox.db."),
]
_SHOWN_BAD: Final = 20


@command(
    app,
    examples=[
        "blooio outbox add reminders.csv --campaign spring",
        'blooio outbox add reminders.csv --campaign spring --to-column phone --text "We open at nine." --dry-run',
        'blooio outbox add --to +15551234567 --text "Your table is ready." --key table:4711 --any-time',
    ],
    prints="new, known, bad (row, message)",
    kind="reach",
    dry_run="Check the rows; add nothing.",
)
def add(
    session: Session,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A CSV file; - reads it from stdin.")] = None,
    to: Annotated[str | None, typer.Option(help="For one message: the recipient.")] = None,
    text: Annotated[str | None, typer.Option(help="The text; with a file, the text of every row.")] = None,
    key: Annotated[str | None, typer.Option(help="For one message: its key, so that it is sent only once.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="NAME", help="A name for a group of messages.")] = None,
    to_column: Annotated[str, typer.Option(metavar="NAME", help="The column of the recipients.")] = "to",
    text_column: Annotated[str, typer.Option(metavar="NAME", help="The column of the texts.")] = "text",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Style **bold**, *italic*, ++underline++ and ~~strikethrough~~.")
    ] = False,
    from_number: Annotated[str | None, typer.Option(metavar="NUMBER", help="The number to send from.")] = None,
    not_before: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is due: a time with an offset.")
    ] = None,
    not_after: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is too late: a time with an offset.")
    ] = None,
    zone: Annotated[str | None, typer.Option(metavar="TZ", help="The recipient's time zone.")] = None,
    any_time: Annotated[bool, typer.Option("--any-time", help="Send in quiet hours, too.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Skip bad rows, and add the others.")] = False,
    db: DB = None,
) -> None:
    """Add one message, or those in a CSV file.

    `blooio outbox run` sends them. The columns `to`, `text`, `key`, `format`, `from_number`, `not_before`, `not_after`
    and `zone` are read. A key is never sent twice, so you can add the same file again; without a key column, the
    campaign and the recipient are the key.
    """
    if (file is None) == (to is None) or (file is not None and key is not None):
        raise typer.BadParameter("pass either a file, or --to and --text")
    options = {"to": to, "text": text, "key": key, "from_number": from_number, "zone": zone}
    options["format"] = "markdown" if markdown else None
    shared = row_of({**options, "not_before": not_before, "not_after": not_after})
    if any_time:
        shared["quiet_hours"] = None
    if file is not None:
        session.ask(f"Add the messages of {file} to the outbox, to be sent?")
    else:
        session.ask_if_several(to or "", "Add this message, to be sent")
    session.sent = "Part of it may have been added. Run the same command again: no message is added twice."
    with ExitStack() as stack:
        rows: Iterable[dict[str, Any]] = [shared]
        if file is not None:
            rows = rows_in(stack.enter_context(reading(file)), {"to": to_column, "text": text_column}, shared)
        added = (
            _checked(db, rows, campaign)
            if session.dry_run
            else _added(db, rows, campaign, skip_bad=skip_bad, is_file=file is not None)
        )
    _print_added(session, added, is_strict=session.dry_run and not skip_bad)


def _added(
    db: str | None, rows: Iterable[dict[str, Any]], campaign: str | None, *, skip_bad: bool, is_file: bool
) -> Added:
    from blooio_client.outbox import OutboxRowError

    with opened(db, may_create=True) as outbox:
        try:
            return outbox.add_many(rows, campaign=campaign, on_error="collect" if skip_bad else "raise")
        except OutboxRowError as error:
            bad = row_error(error)
            raise Failure(_refusal(bad, is_file=is_file), USAGE, {"bad": [bad]}) from None


def _refusal(bad: dict[str, Any], *, is_file: bool) -> str:
    if not is_file:
        return str(bad["message"])
    return (
        f"row {bad['row']}: {bad['message']}\nRows before it may have been added. Correct it and run the same command "
        "again: no message is added twice."
    )


def _checked(db: str | None, rows: Iterable[dict[str, Any]], campaign: str | None) -> Added:
    """Add rows in a transaction that is rolled back, or to a temporary outbox if there is none yet."""
    with ExitStack() as stack:
        if not exists(url_of(db)):
            db = str(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "outbox.db")
        outbox = stack.enter_context(opened(db, may_create=True))
        outbox.progress()  # create the tables of a new file before the transaction

        import sqlalchemy as sa

        url = sa.make_url(url_of(db))
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg") if url.get_backend_name() != "sqlite" else url
        )
        stack.callback(engine.dispose)
        with engine.connect() as connection:
            added = outbox.add_many(rows, campaign=campaign, connection=connection, on_error="collect")
            connection.rollback()
        return added


def _print_added(session: Session, added: Added, *, is_strict: bool) -> None:
    bad = [row_error(each) for each in added.bad]
    for each in bad[:_SHOWN_BAD]:
        session.out.note(f"row {each['row']}: {each['message']}")
    if len(bad) > _SHOWN_BAD:
        session.out.note(f"… and {len(bad) - _SHOWN_BAD} more")
    verb = "Would add" if session.dry_run else "Added"
    said = f"{verb} {counted(added.new, 'message')}. Added before: {added.known}. Invalid rows: {len(bad)}."
    session.out.done({"new": added.new, "known": added.known, "bad": bad}, said)
    if bad and is_strict:
        raise Failure(f"{counted(len(bad), 'bad row')}: correct the file, or pass --skip-bad", USAGE)
