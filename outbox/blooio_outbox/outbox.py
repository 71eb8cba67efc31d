"""The public class `Outbox`."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from blooio_client import AsyncBlooio, Blooio, InvalidArgumentError
from blooio_client.types import UNSET, Unset

from . import confirmations, worker
from .deliver import Context, adeliver, deliver
from .leases import Leases
from .ledger import migrations, queries
from .ledger.add import Added, add_row, add_rows
from .ledger.claim import Planned, plan
from .ledger.database import Database
from .ledger.queries import NumberStatus, OptOut, Outcome, Preview, Progress
from .ledger.record import note_status
from .ledger.schema import m
from .pacing import checked_pace
from .quiet import QuietHours, checked_zone, parse_hours
from .rows import checked_age, checked_campaign, checked_number, checked_recipient, seconds
from .settings import Delivery, Outgoing, Settings

if TYPE_CHECKING:
    import procrastinate
    import sqlalchemy as sa

    from blooio_client.webhooks import Receiver

NINETY_DAYS = datetime.timedelta(days=90)
Hours = tuple[str, str] | None


class Outbox:
    """A durable queue of messages in SQLite or PostgreSQL, each sent once, even across crashes.

    Many processes may use the same outbox. All methods may be called from any thread.
    """

    def __init__(
        self,
        url: str,
        *,
        per_minute: float | None = 10.0,
        quiet_hours: Hours = ("21:00", "08:00"),
        default_zone: str | None = None,
        quota_zone: str = "UTC",
        may_send: Callable[[Outgoing], bool] | None = None,
    ) -> None:
        """Create an outbox; nothing is read or written yet.

        Args:
            url: `sqlite:///outbox.db`, for the processes of one machine, or `postgresql://...`, for many
                machines. A SQLite file must not be on a network drive.
            per_minute: Messages per minute and number, unless set by `pace`; None for no limit.
            quiet_hours: The recipient's local times between which nothing is sent; None sends at any time.
            default_zone: The time zone of recipients without one, such as email addresses.
            quota_zone: The time zone whose midnight begins a new day for the quotas of your numbers.
            may_send: Called with each message just before it is sent, in a worker's thread (not async); False skips it.

        Raises:
            InvalidArgumentError: An argument is invalid.
            OutboxError: The URL names an unsupported database.
            MissingExtraError: A package is missing; the text says what to install.
        """
        # Hidden first: an error reporter that records local variables would show the password.
        given, url = [url].pop, ""
        zone = None if default_zone is None else checked_zone(default_zone, "default_zone")
        quiet = QuietHours(parse_hours(quiet_hours), zone)
        self._database = Database(given)
        self._settings = Settings(checked_pace(per_minute), quiet, checked_zone(quota_zone, "quota_zone"), may_send)
        self._leases = Leases(self._database, self._settings.lease)
        self._is_checked = False

    def migrate(self) -> None:
        """Create the tables, or migrate them to the version of this release.

        Call it once with each deployment on PostgreSQL; a SQLite file is migrated on first use.

        Raises:
            OutboxVersionError: A newer release has already migrated them.
        """
        migrations.migrate(self._database)
        self._is_checked = True

    def close(self) -> None:
        """Close the connections to the database that are not in use."""
        self._database.close()

    def add(
        self,
        to: str | Iterable[str],
        text: str,
        *,
        key: str | None = None,
        campaign: str | None = None,
        format: str | None = None,  # noqa: A002 - the API's word
        from_number: str | None = None,
        not_before: datetime.datetime | None = None,
        not_after: datetime.datetime | None = None,
        zone: str | None = None,
        quiet_hours: Hours | Unset = UNSET,
        connection: sa.Connection | None = None,
    ) -> bool:
        """Add a message; return whether its key is new. A known key is not sent again.

        Args:
            to: A phone number, an email address, a group id, or a list of people.
            text: The text.
            key: Identifies the message, such as `reminder:4711`. Defaults to the campaign and the recipient.
            campaign: A name for messages that belong together.
            format: `plain`, the default, or `markdown`, as in `chat.send`.
            from_number: The number to send from, in E.164 format. Defaults to the client's own.
            not_before: When it is due.
            not_after: When it is too late: the message is then skipped.
            zone: The recipient's time zone, if you know it, since people keep their number when they move.
            quiet_hours: Quiet hours for this message; None sends at any time, as for a reply to a request.
            connection: Your own SQLAlchemy connection to the same database: the message is added if your transaction
                commits. With an ORM session, pass `session.connection()`. Call `migrate` before.

        Raises:
            OutboxConflictError: The key is already used for another recipient, number, text or format.
            InvalidArgumentError: An argument is invalid; nothing was added.
        """
        row: dict[str, Any] = {"to": to, "text": text, "key": key, "from_number": from_number, "zone": zone}
        row |= {"format": format, "not_before": not_before, "not_after": not_after}
        if not isinstance(quiet_hours, Unset):
            row["quiet_hours"] = quiet_hours
        return add_row(self._checked_by(connection), row, campaign=checked_campaign(campaign), connection=connection)

    def add_many(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        campaign: str | None = None,
        connection: sa.Connection | None = None,
        on_error: Literal["raise", "collect"] = "raise",
    ) -> Added:
        """Add many messages in batches of 1,000, with constant memory.

        Args:
            rows: Mappings with `to` and `text`, and optionally other arguments of `add`, except those below.
            campaign: A name for messages that belong together.
            connection: As for `add`.
            on_error: `raise` stops at a bad row and adds nothing of its batch; adding the same rows again is harmless.
                `collect` skips bad rows and returns their errors.

        Raises:
            OutboxRowError: A row is invalid; `error.row` is its position.
            OutboxConflictError: A row's key is already used for another message.
        """
        if on_error not in ("raise", "collect"):
            raise InvalidArgumentError('on_error must be "raise" or "collect"')
        campaign = checked_campaign(campaign)
        database = self._checked_by(connection)
        return add_rows(database, rows, campaign=campaign, connection=connection, on_error=on_error)

    def preview(self, campaign: str | None = None) -> Preview:
        """Return what a campaign, or everything, would send, without sending it."""
        return queries.preview(self._checked, self._settings, campaign)

    def run(
        self,
        client: Blooio,
        *,
        concurrency: int = 8,
        until_empty: bool = False,
        max_seconds: float | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """Send due messages in threads of this process, until stopped.

        If the database is unavailable, it waits and continues once the database is back.

        Args:
            client: The client to send with.
            concurrency: The most requests at a time.
            until_empty: Return when no message is left, even if the last one is due next month.
            max_seconds: Return after this many seconds, once current requests are done.
            on_progress: Called about once a second.
            stop: Return once it is set and current requests are done. Set it in your SIGTERM handler.

        Raises:
            InvalidArgumentError: `max_seconds` is not a number of seconds.
            OutboxStoppedError: Blooio rejected the API key, or the plan does not cover messages.
        """
        loop = self._loop(concurrency, until_empty=until_empty, max_seconds=max_seconds, on_progress=on_progress)
        worker.run(loop, client, threading.Event() if stop is None else stop)

    async def arun(
        self,
        client: AsyncBlooio,
        *,
        concurrency: int = 8,
        until_empty: bool = False,
        max_seconds: float | None = None,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> None:
        """Send due messages in tasks of this event loop, until cancelled; otherwise like `run`.

        `on_progress` is called in a thread. The sync methods of the outbox block: call them in a thread, too.
        """
        import anyio.to_thread

        start = partial(self._loop, until_empty=until_empty, max_seconds=max_seconds, on_progress=on_progress)
        await worker.arun(await anyio.to_thread.run_sync(start, concurrency), client)

    def _loop(self, concurrency: int, **options: Any) -> worker.PollingLoop:
        worker.check_concurrency(concurrency)
        queries.resume_stopped(self._checked)
        return worker.PollingLoop(self._context, concurrency, **options)

    def plan(self, *, horizon: float = 5.0, in_hand: int = 300) -> list[Planned]:
        """Choose the messages for the next seconds, for your own engine, which then calls `deliver` for each.

        Call it about once a second, from any process. Losing its results loses no message.

        Args:
            horizon: Seconds to plan ahead for numbers with a pace.
            in_hand: How many messages of one number may be planned and not yet sent.
        """
        return plan(self._checked, self._settings, horizon=horizon, in_hand=in_hand)

    def deliver(self, message_id: int, client: Blooio) -> Delivery:
        """Send one message unless it is done, claimed elsewhere, or not due: the unit of work of any engine.

        Calling it twice, concurrently or from two machines, is harmless.

        Args:
            message_id: The `id` of a message that `plan` returned.
            client: The client to send with.

        Raises:
            OutboxStoppedError: Blooio rejected the API key, or the plan does not cover messages.
        """
        return deliver(self._context, message_id, client)

    async def adeliver(self, message_id: int, client: AsyncBlooio) -> Delivery:
        """Send one message with the async client; otherwise like `deliver`."""
        return await adeliver(self._context, message_id, client)

    def blueprint(self, client_factory: Callable[[], Blooio], *, concurrency: int = 8) -> procrastinate.Blueprint:
        """Return tasks for your procrastinate app: `app.add_tasks_from(blueprint, namespace="blooio")`.

        Your workers must listen to the queue `blooio`, and a supervisor must restart them when they exit.

        Args:
            client_factory: Returns the client to send with; called once per process.
            concurrency: The most requests per process at a time.

        Raises:
            MissingExtraError: procrastinate is not installed.
        """
        from .procrastinate import blueprint

        worker.check_concurrency(concurrency)
        return blueprint(lambda: self._context, client_factory, concurrency=concurrency)

    def work(
        self, client_factory: Callable[[], Blooio], *, concurrency: int = 8, stop: threading.Event | None = None
    ) -> None:
        """Send due messages as one of many processes on many machines, with procrastinate on PostgreSQL.

        It creates procrastinate's tables if they are missing. If the database is unavailable, it waits and continues.

        Args:
            client_factory: Returns the client to send with.
            concurrency: The most requests of this process at a time.
            stop: Return once it is set and current requests are done.

        Raises:
            OutboxError: The outbox is not on PostgreSQL.
            MissingExtraError: procrastinate is not installed.
        """
        from .procrastinate import work

        worker.check_concurrency(concurrency)
        queries.resume_stopped(self._checked)
        work(self._context, client_factory, concurrency=concurrency, stop=threading.Event() if stop is None else stop)

    def progress(self, campaign: str | None = None) -> Progress:
        """Count the messages of a campaign, or all messages, by state."""
        return queries.progress(self._checked, campaign)

    def outcomes(self, campaign: str | None = None, *, state: str | None = None) -> Iterator[Outcome]:
        """Yield messages and their states, oldest first; optionally only those in one state, such as `unknown`."""
        return queries.outcomes(self._checked, campaign, state)

    def cancel(self, campaign: str | None = None, *, key: str | None = None) -> int:
        """Cancel the unsent messages of a campaign, or one message; return the number of cancelled messages.

        A message with an attempt of unknown outcome ends as `unknown`. If a request is in progress, its result counts.
        """
        if (campaign is None) == (key is None):
            raise InvalidArgumentError("pass either a campaign or key=")
        return queries.cancel(self._checked, m.campaign == campaign if key is None else m.key == key, "cancelled")

    def retry(self, key: str, *, allow_duplicates: bool = False) -> bool:
        """Retry a message that ended as `failed` or `unknown`; return whether there was one.

        Args:
            key: Its key.
            allow_duplicates: Required for `unknown`: the message may have been sent already and could be sent twice.

        Raises:
            InvalidArgumentError: Its outcome is unknown and duplicates are not allowed, or its text was already erased.
        """
        return queries.retry(self._checked, key, allow_duplicates=allow_duplicates)

    def prune(self, older_than: datetime.timedelta = NINETY_DAYS) -> int:
        """Delete messages that ended at least this long ago; return their number. Their keys can then be sent again."""
        return queries.prune(self._checked, checked_age(older_than, "older_than"))

    def opt_out(self, to: str, *, at: datetime.datetime | None = None) -> bool:
        """Opt a recipient out, and skip their waiting messages; return whether the opt-out is new.

        `at` is when they asked, by default now.
        """
        return queries.opt_out(self._checked, checked_recipient(to), seconds(at, "at"))

    def opt_in(self, to: str, *, at: datetime.datetime | None = None) -> bool:
        """Opt a recipient in again; skipped messages stay skipped. Return whether they had opted out.

        `at` is when they asked, by default now. A time before their last opt-out changes nothing.
        """
        return queries.opt_in(self._checked, checked_recipient(to), seconds(at, "at"))

    def is_opted_out(self, to: str) -> bool:
        """Return whether a recipient has opted out."""
        return queries.is_opted_out(self._checked, checked_recipient(to))

    def opt_outs(self) -> list[OptOut]:
        """Return everyone who has opted out, and since when."""
        return queries.all_opt_outs(self._checked)

    def pace(self, number: str | None, *, per_minute: float | None) -> None:
        """Set the messages per minute of a number; None for no limit. The number None is the client's own."""
        queries.set_pace(self._checked, self._settings, checked_number(number), checked_pace(per_minute) or 0.0)

    def pause(self, number: str | None) -> None:
        """Pause a number until `resume`. The number None is the client's own."""
        queries.pause(self._checked, checked_number(number))

    def resume(self, number: str | None) -> None:
        """Resume a number, even if a quota paused it."""
        queries.resume(self._checked, checked_number(number))

    def numbers(self) -> list[NumberStatus]:
        """Return the sending numbers with their pace, and until when and why each is paused."""
        return queries.number_statuses(self._checked, self._settings)

    def confirm(self, receiver: Receiver, *, opt_out_words: Iterable[str] | None = None) -> None:
        """Track delivered, read and failed messages, and STOP and START, through webhook deliveries.

        Args:
            receiver: Your receiver; register this before it starts.
            opt_out_words: Words that opt out if they are the whole message. Defaults to STOP, UNSUBSCRIBE and so on.
        """
        confirmations.confirm(self, receiver, opt_out_words)

    def note_status(self, message_id: str, state: Literal["delivered", "read", "failed"]) -> bool:
        """Record the status of an accepted message; return whether the outbox knows it.

        `confirm` calls it; call it yourself if you handle webhooks. Early, late and repeated statuses are fine.
        """
        return note_status(self._checked, message_id, state)

    def refresh(self, client: Blooio, *, younger_than: datetime.timedelta = datetime.timedelta(days=2)) -> int:
        """Request the status of messages not known to be delivered; return how many changed.

        Args:
            client: The client to use: one request per message.
            younger_than: Only messages that were accepted within this time.
        """
        unconfirmed = queries.unconfirmed(self._checked, checked_age(younger_than, "younger_than"))
        return confirmations.refresh(self, client, unconfirmed)

    def __repr__(self) -> str:
        return f"<Outbox {self._database.url.get_backend_name()}>" if "_database" in vars(self) else "<Outbox>"

    @property
    def _checked(self) -> Database:
        return self._checked_by(None)

    def _checked_by(self, connection: sa.Connection | None) -> Database:
        if not self._is_checked:
            migrations.check(self._database, connection)
            self._is_checked = True
        return self._database

    @property
    def _context(self) -> Context:
        return Context(self._checked, self._settings, self._leases)
