"""Query the ledger, and change messages that are not being sent."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import attrs
import sqlalchemy as sa

from blooio_client import InvalidArgumentError

from ..pacing import gap_of
from ..settings import FOREVER, Settings, end_of, moment
from ..verdicts import DONE, ENDED, OPEN, STATES, ended
from .add import ensure_number
from .database import Database
from .record import STOPPED_FOR
from .schema import db_now, has_opted_out, has_state, m, messages, n, numbers, opt_outs

_PAGE = 1000
_PRUNED_AT_ONCE = 10_000
_MINUTE = 60.0
_STOPS = ("AuthenticationError", "PaymentRequiredError")


@attrs.frozen
class Progress:
    """The progress of an outbox or a campaign."""

    counts: dict[str, int]
    """Messages by state; states without a message are left out."""
    per_second: float
    """Messages accepted per second, over the last minute."""

    @property
    def total(self) -> int:
        """All messages."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Messages still to be sent."""
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds until the last message, at the rate of the last minute; None if none was sent in it."""
        if not self.left:
            return 0.0
        return self.left / self.per_second if self.per_second else None


@attrs.frozen
class Outcome:
    """A message and its state."""

    key: str = attrs.field(repr=end_of)
    """The message's key."""
    campaign: str | None
    """The campaign that it belongs to."""
    recipient: str = attrs.field(repr=end_of)
    """The recipient."""
    number: str | None = attrs.field(repr=end_of)
    """The number that it is sent from."""
    state: str
    """`waiting`, `sending`, `retrying`, `sent`, `delivered`, `read`, `failed`, `unknown`, `cancelled` or `skipped`."""
    reason: str | None
    """Why it is in this state."""
    message_id: str | None
    """Blooio's id of the message."""
    attempts: int
    """Attempts with an unknown outcome."""
    due: datetime.datetime | None
    """When it is due."""
    ended: datetime.datetime | None
    """When it ended."""


@attrs.frozen
class Preview:
    """The expected effect of a campaign."""

    messages: int
    """Messages still to be sent."""
    opted_out: int
    """Messages to someone who opted out: they are skipped."""
    without_zone: int
    """Messages whose recipient's time zone is unknown: they will fail unless you set a zone."""
    per_number: dict[str, int] = attrs.field(repr=False)
    """Messages by sending number; "" is the client's own."""
    seconds: float
    """The shortest time that the numbers' paces allow, without quiet hours and quotas."""


@attrs.frozen
class NumberStatus:
    """A sending number."""

    number: str = attrs.field(repr=end_of)
    """The number in E.164 format."""
    per_minute: float | None
    """None: no limit."""
    paused_until: datetime.datetime | None
    """It sends nothing before this time."""
    reason: str | None
    """Why it is paused."""


@attrs.frozen
class OptOut:
    """A recipient who opted out."""

    recipient: str = attrs.field(repr=end_of)
    """Who opted out."""
    since: datetime.datetime | None
    """When they last opted out; None if unknown."""


def progress(database: Database, campaign: str | None) -> Progress:
    """Count messages by state."""
    of_campaign = () if campaign is None else (m.campaign == campaign,)
    counted = sa.select(m.state, sa.func.count()).where(*of_campaign).group_by(m.state)
    with database.read() as tx:
        counts = {row[0]: row[1] for row in tx.execute(counted)}
        recent = sa.select(sa.func.count()).where(m.ended > db_now() - _MINUTE, has_state(*DONE), *of_campaign)
        return Progress(counts, (tx.scalar(recent) or 0) / _MINUTE)


def outcomes(database: Database, campaign: str | None, state: str | None) -> Iterator[Outcome]:
    """Yield messages, oldest first, in pages, so no transaction stays open while the caller works."""
    if state is not None and state not in STATES:
        raise InvalidArgumentError(f"state must be one of {', '.join(STATES)}")
    query = sa.select(
        m.id, m.key, m.campaign, m.recipient, m.number, m.state, m.reason, m.message_id, m.attempts, m.due, m.ended
    ).order_by(m.id)
    if campaign is not None:
        query = query.where(m.campaign == campaign)
    if state is not None:
        query = query.where(m.state == state)
    wanted: Any = query
    return _pages(database, wanted)


def _pages(database: Database, query: sa.Select[Any]) -> Iterator[Outcome]:
    last = 0
    while True:
        with database.read() as tx:
            rows: list[Any] = list(tx.execute(query.where(m.id > last).limit(_PAGE)))
        for last, key, campaign, recipient, number, state, reason, message_id, attempts, due, end in rows:  # noqa: B007
            yield Outcome(
                key, campaign, recipient, number or None, state, reason, message_id, attempts, moment(due), moment(end)
            )
        if len(rows) < _PAGE:
            return


def preview(database: Database, settings: Settings, campaign: str | None) -> Preview:
    """Count what would be sent, without sending anything."""
    query = (
        sa.select(m.id, m.recipient, m.number, m.zone, m.quiet_hours, opt_outs.c.recipient)
        .outerjoin(opt_outs, opt_outs.c.recipient == m.recipient)
        .where(has_state(*OPEN))
        .order_by(m.id)
        .limit(_PAGE)
    )
    if campaign is not None:
        query = query.where(m.campaign == campaign)
    opted_out = without_zone = total = last = 0
    per_number: dict[str, int] = {}
    while True:
        with database.read() as tx:
            rows = tx.execute(query.where(m.id > last)).all()
            paces = {row[0]: row[1] for row in tx.execute(sa.select(n.number, n.per_minute))}
            for last, recipient, number, zone, hours, opted in rows:  # noqa: B007
                total += 1
                is_out = tx.scalar(sa.select(has_opted_out(recipient))) if "," in recipient else opted is not None
                opted_out += bool(is_out)
                without_zone += settings.quiet_hours.allowed_at(0.0, recipient, zone, hours) is None
                per_number[number] = per_number.get(number, 0) + 1
        if len(rows) < _PAGE:
            break
    longest = max((count * gap_of(settings.pace(paces[number])) for number, count in per_number.items()), default=0.0)
    return Preview(total, opted_out, without_zone, per_number, longest)


def is_empty(database: Database) -> bool:
    """Return whether no message is left to send."""
    with database.read() as tx:
        return tx.scalar(sa.select(sa.literal(1)).select_from(messages).where(has_state(*OPEN)).limit(1)) is None


def cancel(database: Database, which: sa.ColumnElement[bool], reason: str) -> int:
    """Cancel messages that are still to be sent; return their number.

    A message that is being sent ends with that attempt, unless it is accepted.
    """
    at_once, uncertain = ended(reason, uncertain=False), ended(reason, uncertain=True)

    def by_state(waiting: Any, retrying: Any, sending: Any) -> sa.Case[Any]:
        return sa.case((m.state == "waiting", waiting), (m.state == "retrying", retrying), else_=sending)

    # In one statement: with one for each state, a message that changes its state in between would escape.
    ending = sa.update(messages).where(which, has_state(*OPEN))
    ending = ending.values(
        state=by_state(at_once.state, uncertain.state, m.state),
        reason=by_state(at_once.reason, uncertain.reason, m.reason),
        body=by_state("", m.body, m.body),
        slot=by_state(None, None, m.slot),
        ended=by_state(db_now(), db_now(), m.ended),
        ending=by_state(m.ending, m.ending, reason),
    )
    with database.begin() as tx:
        return tx.execute(ending).rowcount


def retry(database: Database, key: str, *, allow_duplicates: bool) -> bool:
    """Retry a message that ended as `failed` or `unknown`; return whether there is one."""
    with database.begin() as tx:
        found = tx.execute(sa.select(m.state, m.body).where(m.key == key).with_for_update()).one_or_none()
        if found is None or found[0] not in ("failed", "unknown"):
            return False
        state, body = found
        if state == "unknown" and not allow_duplicates:
            raise InvalidArgumentError(
                "the message may have been sent; look at the chat, then pass allow_duplicates=True to send it again"
            )
        if not body:
            raise InvalidArgumentError("the text was erased when Blooio accepted it; add it again under another key")
        again = (
            sa.update(messages)
            .where(m.key == key)
            .values(
                state="waiting",
                reason=None,
                due=db_now(),
                slot=None,
                first_attempt=None,
                attempts=0,
                ending=None,
                ended=None,
            )
        )
        tx.execute(again)
    return True


def prune(database: Database, older_than: float) -> int:
    """Delete messages that ended at least this many seconds ago; return their number."""
    deleted = 0
    old = sa.select(m.id).where(m.ended < db_now() - older_than, has_state(*ENDED)).limit(_PRUNED_AT_ONCE)
    while True:  # in parts, since SQLite locks the whole file for each
        with database.begin() as tx:
            part = tx.execute(sa.delete(messages).where(m.id.in_(old))).rowcount
        deleted += part
        if part < _PRUNED_AT_ONCE:
            return deleted


def opt_out(database: Database, recipient: str, at: float | None = None) -> bool:
    """Record an opt-out, made at this time or now; return whether it is new."""
    since = db_now() if at is None else sa.literal(at)
    earlier = sa.update(opt_outs).where(opt_outs.c.recipient == recipient, opt_outs.c.since < since)
    with database.begin() as tx:
        fresh = database.insert(opt_outs).values(recipient=recipient, since=since).on_conflict_do_nothing()
        new = tx.scalar(fresh.returning(opt_outs.c.recipient)) is not None
        if not new:
            tx.execute(earlier.values(since=since))
    cancel(database, m.recipient == recipient, "opted_out")
    return new


def opt_in(database: Database, recipient: str, at: float | None = None) -> bool:
    """Record an opt-in; return whether it is new. One made before the opt-out changes nothing."""
    revoked = sa.delete(opt_outs).where(opt_outs.c.recipient == recipient)
    with database.begin() as tx:
        return tx.execute(revoked if at is None else revoked.where(opt_outs.c.since <= at)).rowcount == 1


def is_opted_out(database: Database, recipient: str) -> bool:
    """Return whether a recipient, or one of several people, has opted out."""
    with database.read() as tx:
        return bool(tx.scalar(sa.select(has_opted_out(recipient))))


def all_opt_outs(database: Database) -> list[OptOut]:
    """Return everyone who has opted out."""
    with database.read() as tx:
        rows = tx.execute(sa.select(opt_outs.c.recipient, opt_outs.c.since).order_by(opt_outs.c.recipient))
        return [OptOut(recipient, moment(since)) for recipient, since in rows]


def set_pace(database: Database, settings: Settings, number: str, per_minute: float) -> None:
    """Set the pace of a number; 0 means no limit. The next message keeps the new distance from the last one."""
    with database.begin() as tx:
        ensure_number(database, tx, number)
        which = n.number == number
        before = tx.scalar(sa.select(n.per_minute).where(which).with_for_update())
        longer = gap_of(per_minute) - gap_of(settings.pace(before))
        tx.execute(sa.update(numbers).where(which).values(per_minute=per_minute, next_slot=n.next_slot + longer))


def pause(database: Database, number: str) -> None:
    """Pause a number until it is resumed."""
    _change(database, number, paused_until=FOREVER, reason="paused")


def resume(database: Database, number: str) -> None:
    """Resume a number, regardless of why it was paused."""
    _change(database, number, paused_until=0.0, reason=None, troubles=0)


def _change(database: Database, number: str, **values: Any) -> None:
    with database.begin() as tx:
        ensure_number(database, tx, number)
        tx.execute(sa.update(numbers).where(n.number == number).values(**values))


def resume_stopped(database: Database) -> None:
    """Resume numbers that stopped because of the API key or the plan, since a new worker was started."""
    stopped = sa.update(numbers).where(n.reason.in_(_STOPS), n.paused_until <= db_now() + STOPPED_FOR)
    with database.begin() as tx:
        tx.execute(stopped.values(paused_until=0.0, reason=None))


def number_statuses(database: Database, settings: Settings) -> list[NumberStatus]:
    """Return the sending numbers."""
    query = sa.select(n.number, n.per_minute, n.paused_until, n.reason, db_now()).order_by(n.number)
    with database.read() as tx:
        rows = tx.execute(query).all()
    return [
        NumberStatus(
            number,
            settings.pace(pace) or None,
            moment(until) if until > now else None,
            reason if until > now else None,
        )
        for number, pace, until, reason, now in rows
    ]


def unconfirmed(database: Database, younger_than: float) -> list[tuple[str, str]]:
    """Return recipients and message ids of messages that are not known to be delivered."""
    query = sa.select(m.recipient, m.message_id).where(
        has_state("sent"), m.message_id.is_not(None), m.ended > db_now() - younger_than
    )
    with database.read() as tx:
        return [(recipient, message_id) for recipient, message_id in tx.execute(query.order_by(m.id))]
