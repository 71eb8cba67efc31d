"""The tables of the ledger. Times are seconds since 1970 on the database's clock."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

metadata: Final = sa.MetaData()
Big: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite auto-increments INTEGER only

messages: Final = sa.Table(
    "blooio_outbox_messages",
    metadata,
    sa.Column("id", Big, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("campaign", sa.Text),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),  # the sending number; "" is the client's own
    sa.Column("body", sa.Text, nullable=False),  # "" once it is no longer needed
    sa.Column("digest", sa.LargeBinary, nullable=False),  # of recipient, number and body: outlives the body
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("due", sa.Double, nullable=False),
    sa.Column("not_after", sa.Double),
    sa.Column("zone", sa.Text),
    sa.Column("quiet_hours", sa.Text),  # NULL: those of the outbox; "": none; else "21:00-08:00"
    sa.Column("slot", sa.Double),
    sa.Column("owner", sa.Text),  # the process that sends it
    sa.Column("lease", sa.Double),
    sa.Column("claims", sa.Integer, nullable=False),  # grows with each claim; only the latest may write the outcome
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("first_attempt", sa.Double),  # set while an attempt is in progress or has an unknown outcome
    sa.Column("ending", sa.Text),  # how to end it after the current attempt, if it was cancelled during it
    sa.Column("message_id", sa.Text),
    sa.Column("ended", sa.Double),
)
m: Final = messages.c

numbers: Final = sa.Table(
    "blooio_outbox_numbers",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("per_minute", sa.Double),  # NULL: that of the outbox; 0: no limit
    sa.Column("next_slot", sa.Double, nullable=False),
    sa.Column("paused_until", sa.Double, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("troubles", sa.Integer, nullable=False),
)
n: Final = numbers.c

opt_outs: Final = sa.Table(
    "blooio_outbox_opt_outs",
    metadata,
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("since", sa.Double, nullable=False),
)


def has_opted_out(recipient: str) -> sa.Exists:
    """Return the condition that a recipient, or one of several people, has opted out."""
    # Not IN, which SQLAlchemy compiles again at every execution: this runs several times for each message.
    people = dict.fromkeys([recipient, *recipient.split(",")])
    return sa.exists().where(sa.or_(*(opt_outs.c.recipient == person for person in people)))


# Statuses that came by webhook before the send was recorded.
early_statuses: Final = sa.Table(
    "blooio_outbox_early_statuses",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

schema_version: Final = sa.Table("blooio_outbox_schema", metadata, sa.Column("version", sa.Integer, nullable=False))


def has_state(*states: str) -> sa.TextClause:
    """Compare with literal states, so both query planners can use the partial index."""
    quoted = ", ".join(f"'{state}'" for state in states)
    return sa.text(f"blooio_outbox_messages.state IN ({quoted})")


IS_UNPLANNED: Final = sa.text("blooio_outbox_messages.state = 'waiting' AND blooio_outbox_messages.slot IS NULL")
IS_TRIED: Final = sa.text("blooio_outbox_messages.state IN ('retrying', 'sending')")
IS_PLANNED: Final = sa.text(
    "blooio_outbox_messages.slot IS NOT NULL AND blooio_outbox_messages.state IN ('waiting', 'retrying', 'sending')"
)


def _partial_index(name: str, *columns: Any, where: str) -> None:
    sa.Index(name, *columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


_partial_index("blooio_outbox_unplanned", m.number, m.due, m.id, where="state = 'waiting' AND slot IS NULL")
_partial_index("blooio_outbox_tried", m.number, m.due, where="state IN ('retrying', 'sending')")
_partial_index(
    "blooio_outbox_planned",
    m.number,
    m.slot,
    where="slot IS NOT NULL AND state IN ('waiting', 'retrying', 'sending')",
)
_partial_index("blooio_outbox_accepted", m.message_id, where="message_id IS NOT NULL")
_partial_index("blooio_outbox_ended", m.ended, where="ended IS NOT NULL")
_partial_index("blooio_outbox_open", m.recipient, where="state IN ('waiting', 'retrying', 'sending')")
sa.Index("blooio_outbox_campaign", m.campaign, m.state)


class db_now(FunctionElement[float]):  # noqa: N801 - reads as the SQL function that it is
    """The database's clock, since the clocks of machines that share an outbox may differ."""

    type: sa.types.TypeEngine[float] = sa.Double()
    inherit_cache: bool | None = True


@compiles(db_now, "postgresql")
def _postgresql_now(*_: Any, **__: Any) -> str:
    return "extract(epoch FROM clock_timestamp())::float8"


@compiles(db_now, "sqlite")
def _sqlite_now(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"
