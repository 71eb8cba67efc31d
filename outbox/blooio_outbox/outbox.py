"""The outbox, as users hold it in their hands."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from blooio_client import AsyncBlooio, Blooio, InvalidArgumentError
from blooio_client.types import UNSET, Unset

from . import confirmations, worker
from .deliver import Desk, adeliver, deliver
from .leases import Leases
from .ledger import migrations, queries
from .ledger.add import Added, add_rows
from .ledger.claim import Planned, plan
from .ledger.database import Database
from .ledger.queries import NumberStatus, OptOut, Outcome, Preview, Progress
from .ledger.record import note_status
from .ledger.schema import m
from .pacing import checked_pace
from .quiet import Sleep, checked_zone, parse_hours
from .rows import checked_recipient
from .settings import Delivery, Outgoing, Settings

if TYPE_CHECKING:
    import procrastinate
    import sqlalchemy as sa

    from blooio_client.webhooks import Receiver

NINETY_DAYS = datetime.timedelta(days=90)
Hours = tuple[str, str] | None


class Outbox:
    """Messages to be sent, each once, whatever dies; SQLite or PostgreSQL keeps them.

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
        """Make an outbox; nothing is read or written yet.

        Args:
            url: `sqlite:///outbox.db`, for the processes of one machine, or `postgresql+psycopg://...`, for many
                machines. A SQLite file must not be on a network drive.
            per_minute: Messages a minute that a number sends, unless `pace` says otherwise; None for no limit.
            quiet_hours: Local times of the recipient between which nothing is sent; None to send at any time.
            default_zone: The time zone of recipients whose number does not say one, such as e-mail addresses.
            quota_zone: The time zone whose midnight begins a new day for the quotas of your numbers.
            may_send: Called with each message just before it is sent; False skips the message.

        Raises:
            InvalidArgumentError: An argument cannot be right.
            OutboxError: The URL names another database.
            MissingExtraError: A package is missing; the text says what to install.
        """
        sleep = Sleep(parse_hours(quiet_hours), None if default_zone is None else checked_zone(default_zone))
        self._database = Database(url)
        self._settings = Settings(checked_pace(per_minute), sleep, checked_zone(quota_zone), may_send)
        self._leases = Leases(self._database, self._settings.lease)
        self._is_checked = False

    def migrate(self) -> None:
        """Create the tables, or bring them to the version that this release works with.

        Call it once with each deployment on PostgreSQL; a file of SQLite is migrated when it is first used.

        Raises:
            OutboxVersionError: A newer release has migrated them.
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
        from_number: str | None = None,
        not_before: datetime.datetime | None = None,
        not_after: datetime.datetime | None = None,
        zone: str | None = None,
        quiet_hours: Hours | Unset = UNSET,
        connection: sa.Connection | None = None,
    ) -> bool:
        """Add a message; return whether its key is new. A key that is known is not sent again.

        Args:
            to: A phone number, an e-mail address, a group id, or several people as a list.
            text: The text.
            key: What makes this message the only one of its kind, such as `reminder:4711`; the campaign and the
                recipient, if not given.
            campaign: A name for messages that belong together.
            from_number: The number to send from, in E.164 format; the client's own, if not given.
            not_before: When it is due.
            not_after: When it is too late: the message is then skipped.
            zone: The recipient's time zone, if you know it: numbers move with people.
            quiet_hours: Quiet hours of this message; None for what the recipient just asked for.
            connection: Your own SQLAlchemy connection to the same database: the message is added if your transaction
                commits. With an ORM session, pass `session.connection()`.

        Raises:
            OutboxConflictError: The key stands for another recipient, number or text.
            InvalidArgumentError: An argument cannot be right; nothing was added.
        """
        row: dict[str, Any] = {"to": to, "text": text, "key": key, "from_number": from_number, "zone": zone}
        row |= {"not_before": not_before, "not_after": not_after}
        if not isinstance(quiet_hours, Unset):
            row["quiet_hours"] = quiet_hours
        return self.add_many([row], campaign=campaign, connection=connection).new == 1

    def add_many(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        campaign: str | None = None,
        connection: sa.Connection | None = None,
        on_error: Literal["raise", "collect"] = "raise",
    ) -> Added:
        """Add many messages, in batches of 1,000; memory stays the same for any number of them.

        Args:
            rows: Mappings with `to` and `text`, and any other argument of `add` except for these three.
            campaign: A name for messages that belong together.
            connection: As for `add`.
            on_error: `raise` stops at a bad row, and adds nothing of its batch; to add the same rows again is harmless.
                `collect` leaves bad rows out and returns them.

        Raises:
            OutboxRowError: A row cannot be added; `error.row` is its position.
            OutboxConflictError: A row's key stands for another message.
        """
        if on_error not in ("raise", "collect"):
            raise InvalidArgumentError('on_error must be "raise" or "collect"')
        return add_rows(self._checked, rows, campaign=campaign, connection=connection, on_error=on_error)

    def preview(self, campaign: str | None = None) -> Preview:
        """Say what a campaign, or everything, would do, and send nothing."""
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
        """Send what is due, by threads of this process, until told to stop.

        If the database goes away, it waits and goes on when the database is back.

        Args:
            client: The client to send with.
            concurrency: How many requests may be under way at a time.
            until_empty: Return when no message is left to be sent, which may be next morning, or next month.
            max_seconds: Return after so many seconds, when what is in hand is done.
            on_progress: Called about once a second.
            stop: Return when it is set, and what is in hand is done: set it in a handler of SIGTERM.

        Raises:
            OutboxStoppedError: The service refuses the API key, or the plan does not pay for messages.
        """
        worker.check_concurrency(concurrency)
        queries.end_stop(self._checked)
        worker.run(
            self._desk,
            client,
            concurrency=concurrency,
            until_empty=until_empty,
            max_seconds=max_seconds,
            on_progress=on_progress,
            stop=threading.Event() if stop is None else stop,
        )

    async def arun(
        self,
        client: AsyncBlooio,
        *,
        concurrency: int = 8,
        until_empty: bool = False,
        max_seconds: float | None = None,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> None:
        """Send what is due, by tasks of this event loop, until cancelled; otherwise as `run`.

        `on_progress` is called in a thread. The sync methods of the outbox block: call them in a thread, too.
        """
        import anyio.to_thread

        worker.check_concurrency(concurrency)
        await anyio.to_thread.run_sync(lambda: queries.end_stop(self._checked))
        await worker.arun(
            self._desk,
            client,
            concurrency=concurrency,
            until_empty=until_empty,
            max_seconds=max_seconds,
            on_progress=on_progress,
        )

    def plan(self, *, horizon: float = 5.0, in_hand: int = 300) -> list[Planned]:
        """Choose what is sent in the next seconds; for engines of your own, which then call `deliver` for each.

        Call it about once a second, from any process. Losing what it returns loses no message.

        Args:
            horizon: Seconds to plan ahead for numbers with a pace.
            in_hand: How many messages of one number may be planned and not yet sent.
        """
        return plan(self._checked, self._settings, horizon=horizon, in_hand=in_hand)

    def deliver(self, message_id: int, client: Blooio) -> Delivery:
        """Send one message unless it is done, in hand elsewhere, or not due: the unit of work of any engine.

        To call it twice, at the same time, from two machines, is harmless.

        Args:
            message_id: The `id` of what `plan` returned.
            client: The client to send with.

        Raises:
            OutboxStoppedError: The service refuses the API key, or the plan does not pay for messages.
        """
        return deliver(self._desk, message_id, client)

    async def adeliver(self, message_id: int, client: AsyncBlooio) -> Delivery:
        """Send one message with the async client; otherwise as `deliver`."""
        return await adeliver(self._desk, message_id, client)

    def blueprint(self, client_factory: Callable[[], Blooio], *, concurrency: int = 8) -> procrastinate.Blueprint:
        """Return tasks for a procrastinate app of yours: `app.add_tasks_from(blueprint, namespace="blooio")`.

        Your workers must listen to the queue `blooio`, and a supervisor must start them again when they end.

        Args:
            client_factory: Returns the client to send with; called once in each process.
            concurrency: How many requests a process may have under way at a time.

        Raises:
            MissingExtraError: procrastinate is not installed.
        """
        from .procrastinate import blueprint

        worker.check_concurrency(concurrency)
        return blueprint(lambda: self._desk, client_factory, concurrency=concurrency)

    def work(
        self, client_factory: Callable[[], Blooio], *, concurrency: int = 8, stop: threading.Event | None = None
    ) -> None:
        """Send what is due as one of many processes on many machines, by procrastinate on PostgreSQL.

        It creates procrastinate's tables if they are missing. If the database goes away, it waits and goes on.

        Args:
            client_factory: Returns the client to send with.
            concurrency: How many requests this process may have under way at a time.
            stop: Return when it is set, and what is in hand is done.

        Raises:
            OutboxError: The outbox is not on PostgreSQL.
            MissingExtraError: procrastinate is not installed.
        """
        from .procrastinate import work

        worker.check_concurrency(concurrency)
        queries.end_stop(self._checked)
        work(self._desk, client_factory, concurrency=concurrency, stop=threading.Event() if stop is None else stop)

    def progress(self, campaign: str | None = None) -> Progress:
        """Count the messages of a campaign, or all of them, by state."""
        return queries.progress(self._checked, campaign)

    def outcomes(self, campaign: str | None = None, *, state: str | None = None) -> Iterator[Outcome]:
        """Yield messages and how they ended, oldest first; those in one state, such as `unknown`, if one is given."""
        return queries.outcomes(self._checked, campaign, state)

    def cancel(self, campaign: str | None = None, *, key: str | None = None) -> int:
        """Cancel what is still to be sent of a campaign, or one message; return how many messages that ends.

        A message with an attempt of unknown outcome ends as `unknown`. If a request is under way, its result counts.
        """
        if (campaign is None) == (key is None):
            raise InvalidArgumentError("give either a campaign or key=")
        return queries.end_all(self._checked, m.key == key if key else m.campaign == campaign, "cancelled")

    def retry(self, key: str, *, allow_duplicates: bool = False) -> bool:
        """Send a message that ended as `failed` or `unknown` again; return whether there was one.

        Args:
            key: Its key.
            allow_duplicates: Needed for `unknown`: it may have been sent, and be sent a second time now.

        Raises:
            InvalidArgumentError: Its outcome is unknown and duplicates are not allowed, or its text was erased.
        """
        return queries.retry(self._checked, key, allow_duplicates=allow_duplicates)

    def prune(self, older_than: datetime.timedelta = NINETY_DAYS) -> int:
        """Delete messages that ended longer ago; return how many. Their keys could then be sent again."""
        return queries.prune(self._checked, older_than.total_seconds())

    def opt_out(self, to: str) -> bool:
        """Never write to a recipient again, and skip what waits for them; return whether that is new."""
        return queries.opt_out(self._checked, checked_recipient(to))

    def opt_in(self, to: str) -> bool:
        """Allow messages to a recipient again; what was skipped stays skipped. Return whether that is new."""
        return queries.opt_in(self._checked, checked_recipient(to))

    def is_opted_out(self, to: str) -> bool:
        """Return whether a recipient must not be written to."""
        return queries.is_opted_out(self._checked, checked_recipient(to))

    def opt_outs(self) -> list[OptOut]:
        """Return everybody who must not be written to, and since when."""
        return queries.all_opt_outs(self._checked)

    def pace(self, number: str | None, *, per_minute: float | None) -> None:
        """Set how many messages a minute a number sends; None for no limit. The number None is the client's own."""
        queries.set_pace(self._checked, number or "", checked_pace(per_minute) or 0.0)

    def pause(self, number: str | None) -> None:
        """Let nothing go out from a number until `resume`. The number None is the client's own."""
        queries.pause(self._checked, number or "")

    def resume(self, number: str | None) -> None:
        """Let messages go out from a number again, also if a quota paused it."""
        queries.resume(self._checked, number or "")

    def numbers(self) -> list[NumberStatus]:
        """Return the sending numbers: their pace, and until when and why they pause."""
        return queries.number_statuses(self._checked, self._settings)

    def confirm(self, receiver: Receiver, *, opt_out_words: Iterable[str] | None = None) -> None:
        """Learn from webhook deliveries what was delivered, read or failed, and who writes STOP or START.

        Args:
            receiver: Your receiver; register this before it starts.
            opt_out_words: Words that opt out when they are the whole message, instead of STOP, UNSUBSCRIBE and so on.
        """
        confirmations.confirm(self, receiver, opt_out_words)

    def note_status(self, message_id: str, state: Literal["delivered", "read", "failed"]) -> bool:
        """Note what became of a message that Blooio accepted; return whether it is known here.

        `confirm` calls it; so may you, if you handle webhooks yourself. Early, late and repeated statuses are fine.
        """
        return note_status(self._checked, message_id, state)

    def refresh(self, client: Blooio, *, younger_than: datetime.timedelta = datetime.timedelta(days=2)) -> int:
        """Ask the service for the status of messages that are not known to be delivered; return how many changed.

        Args:
            client: The client to ask with: one request a message.
            younger_than: Ask for messages that were accepted in this time.
        """
        return confirmations.refresh(self, client, queries.unconfirmed(self._checked, younger_than.total_seconds()))

    def __repr__(self) -> str:
        return f"<Outbox {self._database.url.get_backend_name()}>"

    @property
    def _checked(self) -> Database:
        if not self._is_checked:
            migrations.check(self._database)
            self._is_checked = True
        return self._database

    @property
    def _desk(self) -> Desk:
        return Desk(self._checked, self._settings, self._leases)
