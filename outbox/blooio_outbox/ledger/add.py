"""Add messages to the ledger, each key once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, cast

import attrs
import sqlalchemy as sa

from blooio_client import InvalidArgumentError

from ..errors import OutboxConflictError, OutboxRowError
from ..rows import at_row, ledger_row
from .database import Database
from .schema import db_now, m, numbers

BATCH: Final = 1000
_COLUMNS: Final = (
    "key", "campaign", "recipient", "number", "body", "digest", "state", "due",
    "not_after", "zone", "quiet_hours", "claims", "attempts",
)  # fmt: skip
_TYPES: Final = {"due": "float8", "not_after": "float8", "claims": "int", "attempts": "int", "digest": "bytea"}
_INTO: Final = f"INSERT INTO blooio_outbox_messages ({', '.join(_COLUMNS)})"
_UNLESS_KNOWN: Final = "ON CONFLICT (key) DO NOTHING"


@attrs.frozen
class Added:
    """The result of adding rows."""

    new: int = 0
    """How many keys were new."""
    known: int = 0
    """Rows that were already in the outbox: their messages are not sent again."""
    bad: tuple[OutboxRowError, ...] = ()
    """Rows that were left out; `error.row` is their position."""


def add_row(
    database: Database, row: Mapping[str, Any], *, campaign: str | None, connection: sa.Connection | None
) -> bool:
    """Add one row; return whether its key is new. Errors do not name its position."""
    try:
        added = add_rows(database, [row], campaign=campaign, connection=connection, on_error="raise")
    except OutboxRowError as error:
        raise type(error)(str(error).removeprefix("row 0: ")) from None
    return added.new == 1


def add_rows(
    database: Database,
    rows: Iterable[Mapping[str, Any]],
    *,
    campaign: str | None,
    connection: sa.Connection | None,
    on_error: Literal["raise", "collect"],
) -> Added:
    """Add rows in batches, each in its own transaction unless the caller passes a connection."""
    _check_connection(connection)
    added = Added()
    numbered = enumerate(map(_copy, rows))
    while batch := list(itertools.islice(numbered, BATCH)):
        if connection is None:
            with database.begin() as tx:
                part = _add_batch(database, tx, batch, campaign, on_error, is_callers=False)
        else:
            part = _add_batch(database, connection, batch, campaign, on_error, is_callers=True)
        added = Added(added.new + part.new, added.known + part.known, added.bad + part.bad)
    if added.new >= BATCH and connection is None:
        # With stale statistics, the planner would scan the whole table for each claim.
        with database.begin() as tx:
            tx.execute(sa.text("ANALYZE blooio_outbox_messages"))
    return added


def _copy(row: Any) -> Any:
    """Copy a row, since a generator may fill the same mapping for its next one."""
    return dict(cast("Mapping[str, Any]", row)) if isinstance(row, Mapping) else row


def _check_connection(connection: object) -> None:
    if not isinstance(connection, sa.Connection | None):
        raise InvalidArgumentError(
            f"connection must be a SQLAlchemy Connection, not {type(connection).__name__}; "
            "for a session, pass session.connection()"
        )


def _add_batch(
    database: Database,
    tx: sa.Connection,
    batch: list[tuple[int, Mapping[str, Any]]],
    campaign: str | None,
    on_error: Literal["raise", "collect"],
    *,
    is_callers: bool,
) -> Added:
    now = tx.scalar(sa.select(db_now())) or 0.0
    good: list[tuple[int, dict[str, Any]]] = []
    bad: list[OutboxRowError] = []
    for position, row in batch:
        try:
            good.append((position, ledger_row(row, campaign, now)))
        except InvalidArgumentError as error:
            bad.append(at_row(error, position))
    if bad and on_error == "raise":
        raise bad[0]
    if not good:
        return Added(bad=tuple(bad))
    if is_callers and on_error == "raise" and (conflicts := _conflicts(tx, good)):
        raise conflicts[0]  # before the insert, which the caller could commit
    made = [row for _, row in good]
    for number in sorted({row["number"] for row in made}):
        ensure_number(database, tx, number)
    new = _insert(database, tx, made)
    conflicts = _conflicts(tx, good) if new < len(made) else []
    if conflicts and on_error == "raise":
        raise conflicts[0]
    return Added(new, len(made) - new - len(conflicts), (*bad, *conflicts))


def ensure_number(database: Database, tx: sa.Connection, number: str) -> None:
    """Ensure that a number has a row."""
    fresh = database.insert(numbers).values(number=number, next_slot=0.0, paused_until=0.0, troubles=0)
    tx.execute(fresh.on_conflict_do_nothing())


def _insert(database: Database, tx: sa.Connection, made: list[dict[str, Any]]) -> int:
    """Insert the rows with new keys in one statement, and return their number.

    SQLAlchemy's own multi-row INSERT takes three times as long.
    """
    if database.is_sqlite:
        row_marks = f"({', '.join('?' * len(_COLUMNS))})"
        values: tuple[Any, ...] = tuple(row[column] for row in made for column in _COLUMNS)
        statement = f"{_INTO} VALUES {', '.join([row_marks] * len(made))} {_UNLESS_KNOWN}"
    else:
        marks = parameter_marks(tx.dialect.paramstyle, len(_COLUMNS))
        typed = zip(marks, _COLUMNS, strict=True)
        arrays = ", ".join(f"{mark}::{_TYPES.get(column, 'text')}[]" for mark, column in typed)
        values = tuple([row[column] for row in made] for column in _COLUMNS)
        statement = f"{_INTO} SELECT * FROM unnest({arrays}) {_UNLESS_KNOWN}"  # noqa: S608 - names of columns only
    return tx.exec_driver_sql(statement, values).rowcount


def parameter_marks(paramstyle: str, count: int) -> list[str]:
    """Return the marks of parameters for the driver of the caller's connection, which may be asyncpg's."""
    return [f"${index}" if paramstyle == "numeric_dollar" else "%s" for index in range(1, count + 1)]


def _conflicts(tx: sa.Connection, good: list[tuple[int, dict[str, Any]]]) -> list[OutboxRowError]:
    """Return an error for each row whose key belongs to another message."""
    keys = [row["key"] for _, row in good]
    known = {key: bytes(digest) for key, digest in tx.execute(sa.select(m.key, m.digest).where(m.key.in_(keys)))}
    return [
        OutboxConflictError(f"row {position}: {_conflict(row)}", row=position)
        for position, row in good
        if known.setdefault(row["key"], row["digest"]) != row["digest"]  # the first row with a new key counts
    ]


def _conflict(row: dict[str, Any]) -> str:
    if row["key"] == f"{row['campaign']}:{row['recipient']}":
        return (
            "this recipient is already in the campaign with another text, number or format; "
            "choose another campaign, or give each message a key"
        )
    return "the key already has another recipient, number, text or format; choose another key"
