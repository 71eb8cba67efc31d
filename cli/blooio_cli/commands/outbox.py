"""The outbox: a durable queue, each message sent once, even across crashes."""

from __future__ import annotations

import datetime
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from ..exits import NOT_DONE, SENT_BUT, UNKNOWN, Failure
from ..outboxes import opened, url_of
from ..output import columns, counted
from ..session import Session, command, reasonable
from . import adding
from .adding import DB
from .messages import LIMIT
from .people import CONTACT

if TYPE_CHECKING:
    from blooio_client.outbox import Outbox, Preview, Progress


app = adding.app

CAMPAIGN = Annotated[str | None, typer.Argument(help="Only messages of this campaign.")]
KEY = Annotated[str, typer.Argument(help="The key of a message.")]
NUMBER = Annotated[str | None, typer.Argument(help="One of your numbers. Defaults to the client's own.")]
PER_MINUTE = Annotated[float, typer.Option(min=0, help="Messages per minute from each number; 0 for no limit.")]
QUIET = Annotated[str, typer.Option(metavar="HOURS", help="Local times between which nothing is sent, or `none`.")]
ZONE = Annotated[str | None, typer.Option(metavar="TZ", help="The time zone of recipients without one.")]
State = Literal[
    "waiting", "sending", "retrying", "sent", "delivered", "read", "failed", "unknown", "cancelled", "skipped"
]
_PROGRESS: Final = "total, left, per_second, seconds_left, counts (messages by state)"
_PREVIEW: Final = "messages, opted_out, without_zone, per_number, seconds"
_OWN: Final = "the client's own"


@command(
    app,
    examples=["blooio outbox preview spring", "blooio outbox preview --per-minute 4 --default-zone Europe/Berlin"],
    prints=_PREVIEW,
)
def preview(
    session: Session,
    campaign: CAMPAIGN = None,
    per_minute: PER_MINUTE = 10.0,
    quiet_hours: QUIET = "21:00-08:00",
    default_zone: ZONE = None,
    db: DB = None,
) -> None:
    """Show what will be sent, and the minimum time it takes."""
    with opened(db, **_settings(per_minute, quiet_hours, default_zone)) as outbox:
        _print_preview(session, outbox.preview(campaign))


def _print_preview(session: Session, found: Preview) -> None:
    session.out.details(
        found,
        {
            **columns("messages opted_out without_zone"),
            "per_number": lambda seen: [f"{number or _OWN}: {count}" for number, count in seen.per_number.items()],
            **columns("seconds"),
        },
    )


def _settings(per_minute: float, quiet_hours: str, default_zone: str | None) -> dict[str, Any]:
    quiet = None if quiet_hours == "none" else tuple(quiet_hours.split("-"))
    return {"per_minute": per_minute or None, "quiet_hours": quiet, "default_zone": default_zone}


@command(
    app,
    examples=["blooio outbox run --until-empty --quiet-hours none", "blooio outbox run --dry-run"],
    prints=_PROGRESS,
    kind="reach",
    dry_run="Show what it would send; send nothing.",
)
def run(
    session: Session,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="Stop when no message is left.")] = False,
    max_seconds: Annotated[
        float | None, typer.Option(min=0, callback=reasonable, help="Stop after this many seconds.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="The most requests at a time.")] = 8,
    embedded: Annotated[bool, typer.Option("--embedded", help="Do not use procrastinate on PostgreSQL.")] = False,
    per_minute: PER_MINUTE = 10.0,
    quiet_hours: QUIET = "21:00-08:00",
    default_zone: ZONE = None,
    quota_zone: Annotated[str, typer.Option(metavar="TZ", help="Quotas reset at midnight in this zone.")] = "UTC",
    db: DB = None,
) -> None:
    """Send due messages until Ctrl-C or SIGTERM.

    It finishes current requests before it exits. Run as many as you like. On PostgreSQL, procrastinate shares the work
    between machines. If the database is unavailable, it waits and continues. With --until-empty, exit code 3 means that
    messages ended with an unknown outcome, and 4 that messages failed.
    """
    settings = _settings(per_minute, quiet_hours, default_zone)
    with opened(db, quota_zone=quota_zone, **settings) as outbox:
        if session.dry_run:
            _print_preview(session, outbox.preview())
            return
        from ..outbox_worker import Worker, progress_of, shown

        before = progress_of(outbox)
        if before is None or before.left > 1:
            session.ask("Send what is in the outbox?" if before is None else f"Send {counted(before.left, 'message')}?")
        client = session.client
        if embedded or url_of(db).startswith("sqlite"):
            worker = Worker(session.out, lambda stop: outbox.run(client, concurrency=concurrency, stop=stop))
        else:
            worker = Worker(session.out, lambda stop: outbox.work(lambda: client, concurrency=concurrency, stop=stop))
        session.sent = "`blooio outbox progress` shows what was sent."
        worker.run(outbox, until_empty=until_empty, max_seconds=max_seconds)
        _print_end(session, before, outbox.progress(), worker.signals, shown)


def _print_end(session: Session, before: Progress | None, after: Progress, signals: list[int], shown: Any) -> None:
    import signal

    if signal.SIGINT in signals:
        session.sent = f"Sent {counted(_fresh('sent', before, after), 'message')}; {after.left} left in the outbox."
        raise KeyboardInterrupt
    _print_progress(session, shown(after))
    if signals:
        return
    for state, code in (("unknown", UNKNOWN), ("failed", SENT_BUT)):
        if count := _fresh(state, before, after):
            how = "with an unknown outcome" if state == "unknown" else "failed"
            raise Failure(f"{counted(count, 'message')} {how}: see `blooio outbox outcomes --state {state}`", code)


def _fresh(state: str, before: Progress | None, after: Progress) -> int:
    """Return how many messages entered a state; `sent` includes those delivered and read since."""
    states = ("sent", "delivered", "read") if state == "sent" else (state,)
    counts = [sum(each.counts.get(name, 0) for name in states) for each in (before, after) if each is not None]
    return counts[-1] - (counts[0] if len(counts) > 1 else 0)


def _print_progress(session: Session, found: dict[str, Any]) -> None:
    if session.out.as_json:
        session.out.done(found, "")
        return
    lines = {**{name: value for name, value in found.items() if name != "counts"}, **found["counts"]}
    session.out.details(lines, {name: itemgetter(name) for name in lines})


@command(app, "progress", examples=["blooio outbox progress", "blooio outbox progress spring --json"], prints=_PROGRESS)
def show_progress(session: Session, campaign: CAMPAIGN = None, db: DB = None) -> None:
    """Count messages by state.

    It also shows the rate of the last minute, and the time left.
    """
    with opened(db) as outbox:
        from ..outbox_worker import shown

        _print_progress(session, shown(outbox.progress(campaign)))


@command(
    app,
    examples=["blooio outbox outcomes spring", "blooio outbox outcomes --state unknown --json"],
    prints="key, campaign, recipient, number, state, reason, message_id, attempts, due, ended",
)
def outcomes(
    session: Session,
    campaign: CAMPAIGN = None,
    state: Annotated[State | None, typer.Option(help="Only messages in this state.")] = None,
    limit: LIMIT = 100,
    db: DB = None,
) -> None:
    """List messages and their states, oldest first."""
    with opened(db) as outbox:
        session.out.table(
            islice(outbox.outcomes(campaign, state=state), limit),
            columns("key to=recipient state reason message=message_id due ended"),
        )


@command(app, examples=["blooio outbox cancel spring", "blooio outbox cancel --key reminder:4711"], prints="cancelled")
def cancel(
    session: Session,
    campaign: CAMPAIGN = None,
    key: Annotated[str | None, typer.Option(help="One message, by its key.")] = None,
    db: DB = None,
) -> None:
    """Cancel the unsent messages of a campaign, or one message.

    A message with an attempt of unknown outcome ends as `unknown`.
    """
    if (campaign is None) == (key is None):
        raise typer.BadParameter("pass either a campaign or --key")
    with opened(db) as outbox:
        count = outbox.cancel(campaign, key=key)
    session.out.done({"cancelled": count}, f"Cancelled {counted(count, 'message')}.", str(count))


@command(app, examples=["blooio outbox retry reminder:4712"], prints="key")
def retry(
    session: Session,
    key: KEY,
    allow_duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="Also retry an unknown outcome; it may be sent twice.")
    ] = False,
    db: DB = None,
) -> None:
    """Retry a message that ended as `failed` or `unknown`."""
    with opened(db) as outbox:
        if not outbox.retry(key, allow_duplicates=allow_duplicates):
            raise Failure(f"no failed or unknown message has the key {key!r}", NOT_DONE)
    session.out.done({"key": key}, f"{key} will be sent again.")


@command(app, examples=["blooio outbox numbers"], prints="number, per_minute, paused_until, reason")
def numbers(session: Session, per_minute: PER_MINUTE = 10.0, db: DB = None) -> None:
    """List the sending numbers with their pace and pauses."""
    with opened(db, per_minute=per_minute or None) as outbox:
        session.out.table(
            outbox.numbers(),
            {
                "number": lambda found: found.number or _OWN,
                "per_minute": lambda found: "no limit" if found.per_minute is None else found.per_minute,
                **columns("paused_until reason"),
            },
        )


@command(app, examples=["blooio outbox pace 4", "blooio outbox pace 4 +15550100001"], prints="number, per_minute")
def pace(
    session: Session,
    per_minute: Annotated[float, typer.Argument(min=0, help="Messages per minute; 0 for no limit.")],
    number: NUMBER = None,
    db: DB = None,
) -> None:
    """Set the messages per minute of a number."""
    with opened(db) as outbox:
        outbox.pace(number, per_minute=per_minute or None)
    limit = f"{per_minute:g} messages per minute" if per_minute else "no limit"
    session.out.done({"number": number, "per_minute": per_minute or None}, f"{_named(number)} has {limit}.")


@command(app, examples=["blooio outbox pause", "blooio outbox pause +15550100001"], prints="number, paused")
def pause(session: Session, number: NUMBER = None, db: DB = None) -> None:
    """Pause a number until it is resumed."""
    with opened(db) as outbox:
        outbox.pause(number)
    session.out.done({"number": number, "paused": True}, f"{_named(number)} is paused.")


@command(app, examples=["blooio outbox resume", "blooio outbox resume +15550100001"], prints="number, paused")
def resume(session: Session, number: NUMBER = None, db: DB = None) -> None:
    """Resume a number, even if a quota paused it."""
    with opened(db) as outbox:
        outbox.resume(number)
    session.out.done({"number": number, "paused": False}, f"{_named(number)} sends again.")


def _named(number: str | None) -> str:
    return number or f"{_OWN.capitalize()} number"


@command(app, "opt-out", examples=["blooio outbox opt-out +15551234567"], prints="contact, opted_out, changed")
def opt_out(session: Session, contact: CONTACT, db: DB = None) -> None:
    """Opt a contact out, and skip their waiting messages."""
    with opened(db, may_create=True) as outbox:
        _print_opted(session, contact, outbox, changed=outbox.opt_out(contact))


@command(app, "opt-in", examples=["blooio outbox opt-in +15551234567"], prints="contact, opted_out, changed")
def opt_in(session: Session, contact: CONTACT, db: DB = None) -> None:
    """Opt a contact in again; skipped messages stay skipped."""
    with opened(db) as outbox:
        _print_opted(session, contact, outbox, changed=outbox.opt_in(contact))


@command(app, "opt-outs", examples=["blooio outbox opt-outs"], prints="recipient, since")
def opt_outs(session: Session, db: DB = None) -> None:
    """List everyone who has opted out."""
    with opened(db) as outbox:
        session.out.table(outbox.opt_outs(), columns("contact=recipient since"))


def _print_opted(session: Session, contact: str, outbox: Outbox, *, changed: bool) -> None:
    is_out = outbox.is_opted_out(contact)
    found = {"contact": contact, "opted_out": is_out, "changed": changed}
    verb = "has opted out" if is_out else "has not opted out"
    session.out.done(found, f"{contact} {verb}.", "yes" if is_out else "no")


@command(app, examples=["blooio outbox refresh"], prints="changed")
def refresh(
    session: Session,
    days: Annotated[
        float, typer.Option(min=0, callback=reasonable, help="Only messages sent within this many days.")
    ] = 2.0,
    db: DB = None,
) -> None:
    """Request the status of messages not known to be delivered.

    Each message takes one request.
    """
    with opened(db) as outbox:
        changed = outbox.refresh(session.client, younger_than=datetime.timedelta(days=days))
    session.out.done({"changed": changed}, f"{counted(changed, 'message')} changed.", str(changed))


@command(app, examples=["blooio outbox prune --days 180"], prints="deleted")
def prune(
    session: Session,
    days: Annotated[
        float, typer.Option(min=0, callback=reasonable, help="Only messages that ended at least this many days ago.")
    ] = 90.0,
    db: DB = None,
) -> None:
    """Delete messages that ended long ago.

    Their keys can then be sent again.
    """
    with opened(db) as outbox:
        deleted = outbox.prune(datetime.timedelta(days=days))
    session.out.done({"deleted": deleted}, f"Deleted {counted(deleted, 'message')}.", str(deleted))


@command(app, examples=["blooio outbox migrate"], prints="migrated")
def migrate(session: Session, db: DB = None) -> None:
    """Create the outbox's tables, or migrate them.

    Run it once with each deployment.
    """
    with opened(db, may_create=True) as outbox:
        outbox.migrate()
    session.out.done({"migrated": True}, "The outbox is up to date.")
