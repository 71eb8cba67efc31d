"""Record the outcome of a message."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from blooio_client import InvalidArgumentError, SentMessage
from blooio_client.models import SendStatus

from ..quiet import next_day
from ..settings import Delivery, Settings
from ..verdicts import DONE, OPEN, Verdict, after_status, ended, judge
from .claim import Claim
from .database import Database
from .schema import db_now, early_statuses, has_opted_out, has_state, m, messages, n, numbers

_EARLY_FOR = 600.0
_REPORTED = ("delivered", "read", "failed")
STOPPED_FOR = 60.0
"""Seconds for which all numbers pause after Blooio rejected the API key or the plan."""


def record(
    database: Database, settings: Settings, claim: Claim, error: Exception | None, sent: SentMessage | None
) -> tuple[Delivery, Verdict]:
    """Record the outcome of an attempt, unless another process has taken over the message."""
    message = claim.message
    with database.begin() as tx:
        now = tx.scalar(_NOW) or 0.0
        verdict = judge(
            error,
            uncertain=message.uncertain,
            attempts=message.attempts,
            troubles=message.troubles,
            age=now - claim.first_attempt,
        )
        # Lock the number's row first, as in `plan` and `claim`, to avoid deadlocks.
        _pause_number(tx, settings, message.number, verdict, now)
        if error is None and message.troubles:
            tx.execute(sa.update(numbers).where(n.number == message.number).values(troubles=0))
        values = _values(tx, claim, verdict, now)
        if sent is not None:
            values["message_id"] = sent.message_id
            if sent.status == SendStatus.FAILED:
                values |= _FAILED
        if verdict.state == "sent":
            changed = tx.execute(_ACCEPT, {"identity": message.id, **values}).rowcount
        else:
            changed = tx.execute(_CHANGE, {**_mine(claim), **values}).rowcount
        if changed and sent is not None:
            values |= _early_status(tx, sent.message_id, values["state"])
    state = values["state"] if changed else "sending"
    return Delivery(state, values["due"] - now if state in OPEN else None, values["reason"]), verdict


def _values(tx: sa.Connection, claim: Claim, verdict: Verdict, now: float) -> dict[str, Any]:
    message, state, reason = claim.message, verdict.state, verdict.reason
    if state in OPEN:
        ending = tx.scalar(sa.select(m.ending).where(_MINE).with_for_update(), _mine(claim))
        if ending is not None:
            end = ended(ending, uncertain=state == "retrying")
            state, reason = end.state, end.reason
    values: dict[str, Any] = {
        "state": state,
        "reason": reason,
        "attempts": message.attempts + verdict.counts,
        "first_attempt": None if state == "waiting" else claim.first_attempt,
        # A rejection that was not an attempt keeps the due time, and so the order of a recipient's messages.
        "due": now + verdict.retry_in if verdict.counts else message.due,
        "slot": None,
        "owner": None,
        "ended": None if state in OPEN else now,
    }
    if state in (*DONE, "skipped", "cancelled"):
        values["body"] = ""
    return values


# Written once: SQLAlchemy takes longer to build a statement than to run it.
_NOW = sa.select(db_now())
_MINE = sa.and_(m.id == sa.bindparam("identity"), m.state == "sending", m.claims == sa.bindparam("token"))
_CHANGE = sa.update(messages).where(_MINE)
# What Blooio has accepted is sent, even if another process has taken over the message, or given it up, since.
_ACCEPT = sa.update(messages).where(m.id == sa.bindparam("identity"), has_state(*OPEN, "unknown"))


def _mine(claim: Claim) -> dict[str, Any]:
    """Return the parameters of `_MINE`."""
    return {"identity": claim.message.id, "token": claim.token}


def _pause_number(tx: sa.Connection, settings: Settings, number: str, verdict: Verdict, now: float) -> None:
    until = next_day(now, settings.quota_zone) if verdict.until_next_day else now + verdict.pause
    which = n.number == number
    if verdict.stops:
        until, which = now + STOPPED_FOR, sa.true()
    if until <= now:
        return
    # Concurrent failures count once, or the backoff would grow with the number of threads.
    troubles = n.troubles + sa.case((n.paused_until <= now, 1), else_=0)
    rest = sa.update(numbers).where(which, n.paused_until < until)
    tx.execute(rest.values(paused_until=until, reason=verdict.reason, troubles=troubles))


def release(database: Database, claim: Claim, reason: str | None = None, wait: float = 0.0) -> Delivery:
    """Release a claimed message that was not sent.

    Args:
        database: The ledger's database.
        claim: The claim.
        reason: If given, ends the message with this reason.
        wait: Seconds until it is due again; 0 leaves its time unchanged.
    """
    message = claim.message
    with database.begin() as tx:
        now = tx.scalar(sa.select(db_now())) or 0.0
        asked = sa.select(m.ending, has_opted_out(message.recipient)).where(_MINE).with_for_update()
        row = tx.execute(asked, _mine(claim)).one_or_none()
        if row is None:
            return Delivery("sending")
        ending = reason or row[0] or ("opted_out" if row[1] else None)
        state = "retrying" if message.uncertain else "waiting"
        values: dict[str, Any] = {"slot": None, "owner": None, "due": now + wait if wait else message.due}
        if ending is not None:
            end = ended(ending, uncertain=message.uncertain)
            state = end.state
            values |= {"reason": end.reason, "ended": now, **({} if state == "unknown" else {"body": ""})}
        values |= {"state": state, "first_attempt": message.first_attempt}
        tx.execute(_CHANGE, {**_mine(claim), **values})
    return Delivery(state, None if ending else max(0.0, values["due"] - now), values.get("reason"))


def may_still_be_sent(database: Database, claim: Claim) -> bool:
    """Whether the number is still active, the message not cancelled and the recipient not opted out since the claim."""
    asked = (
        sa.select(sa.literal(1))
        .select_from(messages)
        .join(numbers, n.number == m.number)
        .where(
            _MINE,
            m.ending.is_(None),
            ~has_opted_out(claim.message.recipient),
            n.paused_until <= db_now(),
        )
    )
    with database.read() as tx:
        return tx.scalar(asked, _mine(claim)) is not None


def note_status(database: Database, message_id: str, reported: str) -> bool:
    """Record that a message was delivered, read or failed; return whether its id is in the outbox."""
    if reported not in _REPORTED:
        raise InvalidArgumentError(f"state must be one of {', '.join(_REPORTED)}")
    if _apply_status(database, message_id, reported):
        return True
    with database.begin() as tx:
        now = tx.scalar(sa.select(db_now())) or 0.0
        tx.execute(sa.delete(early_statuses).where(early_statuses.c.at < now - _EARLY_FOR))
        known = tx.scalar(sa.select(early_statuses.c.state).where(early_statuses.c.message_id == message_id))
        state = reported if known is None else after_status(known, reported)
        fresh = database.insert(early_statuses).values(message_id=message_id, state=state, at=now)
        tx.execute(fresh.on_conflict_do_update(index_elements=["message_id"], set_={"state": state}))
    # The send may have been recorded between the two transactions, so check again.
    return _apply_status(database, message_id, reported)


def _apply_status(database: Database, message_id: str, reported: str) -> bool:
    with database.begin() as tx:
        current = tx.scalar(sa.select(m.state).where(m.message_id == message_id).with_for_update())
        if current is None:
            return False
        _change_status(tx, message_id, current, reported)
    return True


def _change_status(tx: sa.Connection, message_id: str, current: str, reported: str) -> dict[str, Any]:
    """Apply a status, and return what it changed."""
    state = after_status(current, reported)
    if state == current:
        return {}
    values = _FAILED if state == "failed" else {"state": state}
    tx.execute(sa.update(messages).where(m.message_id == message_id).values(values))
    return values


_FAILED: Final = {"state": "failed", "reason": "failed after it was accepted"}
_EARLY = (
    sa.delete(early_statuses)
    .where(early_statuses.c.message_id == sa.bindparam("accepted"))
    .returning(early_statuses.c.state)
)


def _early_status(tx: sa.Connection, message_id: str, current: str) -> dict[str, Any]:
    """Apply a status that came before the send was recorded, and return what it changed."""
    reported = tx.scalar(_EARLY, {"accepted": message_id})
    return {} if reported is None else _change_status(tx, message_id, current, reported)
