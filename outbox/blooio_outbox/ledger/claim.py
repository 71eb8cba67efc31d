"""Choose the next messages, and claim each before sending it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import sqlalchemy as sa

from ..pacing import MAX_SLEEP, MAX_SLEEP_AFTER_MISS, gap_of, is_abandoned_before, is_last, is_missed, room_for
from ..settings import Delivery, Settings
from ..verdicts import Candidate, End, Later, admit
from .database import Database
from .schema import IS_PLANNED, IS_TRIED, IS_UNPLANNED, db_now, has_opted_out, m, messages, n, numbers, opt_outs

_PAGE = 500
_MOVED_AT_ONCE = 2000


@attrs.frozen
class Planned:
    """A message that is planned to be sent."""

    id: int
    """The id to pass to `deliver`."""
    wait: float
    """Seconds until its slot."""
    is_retry: bool
    """Whether an earlier attempt has an unknown outcome."""
    is_paced: bool = False
    """Whether its number has a pace: deliver it first, since a late message loses its slot."""


@attrs.frozen
class Claim:
    """A message that only this process may send while its lease holds."""

    message: Candidate
    token: int
    """The value of `claims` while this claim is the latest."""
    first_attempt: float
    wait: float
    """Seconds until its slot."""


def plan(
    database: Database, settings: Settings, *, horizon: float, in_hand: int, replan_after: float = 2.0
) -> list[Planned]:
    """Reserve the slots of the next seconds, and return their messages, earliest first.

    If two processes call it at the same time, each number is planned by only one of them.

    Args:
        database: The ledger's database.
        settings: The settings of the outbox.
        horizon: Seconds to plan ahead, for numbers with a pace.
        in_hand: The most planned but unsent messages per number.
        replan_after: Seconds after its slot after which an unsent message is planned again.
    """
    planned: list[Planned] = []
    with database.begin() as tx:
        now = tx.scalar(sa.select(db_now())) or 0.0
        due_numbers = sa.select(n.number, n.per_minute, n.next_slot).where(
            n.paused_until <= now, n.next_slot <= now + horizon
        )
        for number, per_minute, next_slot in tx.execute(due_numbers.with_for_update(skip_locked=True)).all():
            gap = gap_of(settings.pace(per_minute))
            taken = _release_abandoned(tx, number, now, is_abandoned_before(now, gap, replan_after))
            room = room_for(now, next_slot, gap, horizon=horizon, in_hand=len(taken), limit=in_hand)
            chosen = _choose(tx, settings, number, now=now, busy=set(taken), room=room)
            first = max(now, next_slot)
            slots = [first + index * gap for index in range(len(chosen))]
            _reserve(tx, number, chosen, slots, gap)
            planned += [
                Planned(each, slot - now, retry, gap > 0) for (each, retry), slot in zip(chosen, slots, strict=True)
            ]
    return sorted(planned, key=lambda each: each.wait)


def _release_abandoned(tx: sa.Connection, number: str, now: float, abandoned_before: float) -> list[str]:
    """Release messages of dead workers and lost jobs; return the recipients with a message in progress."""
    ended = sa.update(messages).where(m.number == number, IS_TRIED, m.state == "sending", m.lease <= now)
    tx.execute(ended.values(state="retrying", attempts=m.attempts + 1, slot=None, owner=None, due=now))
    forgotten = sa.update(messages).where(m.number == number, IS_PLANNED, m.state != "sending")
    tx.execute(forgotten.where(m.slot <= abandoned_before).values(slot=None))
    return list(tx.scalars(sa.select(m.recipient).where(m.number == number, IS_PLANNED)))


def _choose(
    tx: sa.Connection, settings: Settings, number: str, *, now: float, busy: set[str], room: int
) -> list[tuple[int, bool]]:
    """Return the ids of messages that may be sent now: retries first, since a key is valid for a limited time."""
    retries = [each for each, _ in _pick(tx, settings, number, now=now, busy=busy, room=room, retry=True)]
    fresh = [each for each, _ in _pick(tx, settings, number, now=now, busy=busy, room=room - len(retries), retry=False)]
    return [*((each, True) for each in retries), *((each, False) for each in fresh)]


def _pick(
    tx: sa.Connection, settings: Settings, number: str, *, now: float, busy: set[str], room: int, retry: bool
) -> list[tuple[int, str]]:
    """Return ids and recipients: one message per recipient, in order of time, outside quiet hours.

    Each page skips the recipients of earlier pages, so one with 10,000 messages does not block the others.
    """
    picked: list[tuple[int, str]] = []
    moved = 0
    which = sa.and_(IS_TRIED, m.state == "retrying") if retry else IS_UNPLANNED
    query = (
        sa.select(m.id, m.recipient, m.zone, m.quiet_hours, m.first_attempt)
        .where(m.number == number, which, m.slot.is_(None), m.due <= now)
        .order_by(m.due, m.id)
        .limit(_PAGE)
    )
    if not retry:
        # No message overtakes an earlier one to the same recipient that is waiting for a retry. A subquery, since
        # after an outage they may be more than a statement may have parameters.
        tried = sa.select(m.recipient).where(m.number == number, IS_TRIED).correlate(None)
        query = query.where(m.recipient.not_in(tried))
    while len(picked) < room and moved < _MOVED_AT_ONCE:
        rows = tx.execute(query.where(m.recipient.not_in(list(busy)))).all()
        if not rows:
            break
        postponed: list[dict[str, Any]] = []
        for identity, recipient, zone, hours, first_attempt in rows:
            if recipient in busy or len(picked) >= room:
                continue
            allowed_at = settings.quiet_hours.allowed_at(now, recipient, zone, hours)
            if allowed_at is None:
                end = End("failed" if first_attempt is None else "unknown", "no_time_zone")
                tx.execute(sa.update(messages).where(m.id == identity).values(**_ended(end, now)))
                moved += 1
            elif allowed_at > now:
                postponed.append({"identity": identity, "allowed_at": allowed_at})
            else:
                busy.add(recipient)
                picked.append((identity, recipient))
        if postponed:
            later = sa.update(messages).where(m.id == sa.bindparam("identity")).values(due=sa.bindparam("allowed_at"))
            tx.execute(later, postponed)
            moved += len(postponed)
    return picked


def _reserve(
    tx: sa.Connection, number: str, chosen: Iterable[tuple[int, bool]], slots: list[float], gap: float
) -> None:
    if not slots:
        return
    mine = [{"identity": identity, "at": slot} for (identity, _), slot in zip(chosen, slots, strict=True)]
    tx.execute(sa.update(messages).where(m.id == sa.bindparam("identity")).values(slot=sa.bindparam("at")), mine)
    if gap:
        tx.execute(sa.update(numbers).where(n.number == number).values(next_slot=slots[-1] + gap))


def claim(  # noqa: PLR0911 - each reason not to send returns
    database: Database, settings: Settings, identity: int, owner: str
) -> Claim | Delivery:
    """Claim a message, or return why it is not sent now."""
    with database.begin() as tx:
        message = _candidate(tx, identity)
        if message is None:
            return Delivery("gone")
        if "," in message.recipient:  # several people: the query looked only for an opt-out of all of them together
            message = attrs.evolve(message, opted_out=bool(tx.scalar(sa.select(has_opted_out(message.recipient)))))
        now = message.now
        allowed_at = settings.quiet_hours.allowed_at(now, message.recipient, message.zone, message.quiet_hours)
        admission = admit(message, allowed_at)
        if admission in ("done", "in hand"):
            return Delivery(message.state)
        if isinstance(admission, End):
            _change(tx, message, _ended(admission, now))
            return Delivery(admission.state, reason=admission.reason)
        if isinstance(admission, Later):
            return _postpone(tx, message, admission)
        slot = _slot(tx, settings, message)
        if slot == message.slot and slot - now > MAX_SLEEP:
            return Delivery(message.state, slot - now)
        if slot != message.slot and slot - now > MAX_SLEEP_AFTER_MISS:
            # Leave the choice to `plan`, which knows more urgent messages.
            return _postpone(tx, message, Later(slot))
        first_attempt = now if message.first_attempt is None else message.first_attempt
        if message.state == "sending":  # its worker died: the outcome of that attempt is unknown
            message = attrs.evolve(message, attempts=message.attempts + 1)
        claimed = {
            "state": "sending",
            "slot": slot,
            "owner": owner,
            "lease": now + settings.lease,
            "claims": message.claims + 1,
            "attempts": message.attempts,
            "first_attempt": first_attempt,
        }
        if not _change(tx, message, claimed):
            return Delivery("sending")
    return Claim(message, message.claims + 1, first_attempt, max(0.0, slot - now))


def _candidate(tx: sa.Connection, identity: int) -> Candidate | None:
    found = tx.execute(_CANDIDATE, {"identity": identity}).one_or_none()
    return None if found is None else Candidate(*tuple(found))


_CANDIDATE = (
    sa.select(
        m.id, m.key, m.recipient, m.number, m.body, m.state, m.due, m.not_after, m.zone, m.quiet_hours, m.slot,
        m.lease, m.claims, m.attempts, m.first_attempt, m.ending, n.per_minute, n.paused_until, n.troubles,
        opt_outs.c.recipient.is_not(None), db_now(), m.campaign,
    )
    .join(numbers, n.number == m.number)
    .outerjoin(opt_outs, opt_outs.c.recipient == m.recipient)
    .where(m.id == sa.bindparam("identity"))
)  # fmt: skip


# Written once: SQLAlchemy takes longer to build a statement than to run it.
_UNCHANGED = sa.update(messages).where(
    m.id == sa.bindparam("identity"), m.state == sa.bindparam("before"), m.claims == sa.bindparam("token")
)


def _change(tx: sa.Connection, message: Candidate, values: dict[str, Any]) -> bool:
    """Change a message unless it has changed in the meantime; return whether it was changed."""
    which = {"identity": message.id, "before": message.state, "token": message.claims}
    return tx.execute(_UNCHANGED, {**which, **values}).rowcount == 1


def _slot(tx: sa.Connection, settings: Settings, message: Candidate) -> float:
    """Return the message's slot, a new one if it missed its own."""
    gap = gap_of(settings.pace(message.per_minute))
    if not is_missed(message.slot, message.now, gap):
        return message.now if message.slot is None else message.slot
    locked = sa.select(n.next_slot).where(n.number == message.number).with_for_update()
    next_slot = tx.scalar(locked) or 0.0
    slot = message.now if is_last(message.slot, next_slot, gap) else max(next_slot, message.now)
    if slot - message.now <= MAX_SLEEP_AFTER_MISS:
        tx.execute(sa.update(numbers).where(n.number == message.number).values(next_slot=slot + gap))
    return slot


def _postpone(tx: sa.Connection, message: Candidate, later: Later) -> Delivery:
    state = "retrying" if message.uncertain else "waiting"
    values = {"state": state, "slot": None, "owner": None, **({"due": later.at} if later.moves_due else {})}
    _change(tx, message, values)
    return Delivery(state, later.at - message.now)


def _ended(end: End, now: float) -> dict[str, Any]:
    values: dict[str, Any] = {"state": end.state, "reason": end.reason, "slot": None, "owner": None, "ended": now}
    return {**values, "body": ""} if end.state in ("skipped", "cancelled") else values
