"""The unit of work: send one message, unless it is done, claimed elsewhere, or not due.

Calling it twice, concurrently or from two machines, is safe: only one of the calls sends the message.
"""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import json
import logging
import time
import traceback
from inspect import isawaitable
from typing import Any, Final

import anyio
import anyio.to_thread
import attrs
import sqlalchemy.exc

from blooio_client import (
    AsyncBlooio,
    Blooio,
    BlooioError,
    ClientStateError,
    InvalidArgumentError,
    SentMessage,
    idempotency_key_for,
)

from .errors import OutboxStoppedError
from .leases import Leases, elapsed, since
from .ledger.claim import Claim, claim
from .ledger.database import Database
from .ledger.record import may_still_be_sent, record, release
from .settings import Delivery, Outgoing, Settings
from .verdicts import Candidate, Verdict

logger: Final = logging.getLogger("blooio_client.outbox")
_INTERRUPTED = BlooioError("interrupted", sent=None)
_LONG_DELAY = 0.25
"""Seconds since the claim after which a message is checked again before it is sent."""
_AFTER_A_FAILED_CHECK = 60.0
_RECORD_FOR, _RECORD_EVERY = 10.0, 0.25
"""Seconds for which an outcome is kept while the database is unavailable, and between two attempts to record it."""


@attrs.frozen
class Context:
    """The dependencies of a delivery."""

    database: Database
    settings: Settings
    leases: Leases


@attrs.frozen
class Attempt:
    """An attempt to send a claimed message."""

    context: Context
    claim: Claim
    began: tuple[float, float]

    @property
    def message(self) -> Candidate:
        """The message."""
        return self.claim.message

    def before_request(self) -> Delivery | None:
        """Check once more just before the request leaves; a returned value ends the attempt."""
        stopped = self._check_may_send()
        if stopped is not None:
            return stopped
        waited = max(self.claim.wait, since(self.began))  # also for a thread or the processor
        took_long = waited > _LONG_DELAY or self.context.settings.may_send is not None
        if took_long and not may_still_be_sent(self.context.database, self.claim):
            return release(self.context.database, self.claim)
        if not self.context.leases.holds(self.began):  # this machine slept: another may have claimed the message
            return release(self.context.database, self.claim)
        return None

    def _check_may_send(self) -> Delivery | None:
        may_send = self.context.settings.may_send
        if may_send is None:
            return None
        message = self.message
        outgoing = Outgoing(message.key, message.campaign, message.recipient, message.number or None, self.text)
        try:
            is_allowed: object = may_send(outgoing)
            if isawaitable(is_allowed):  # it would count as True
                raise TypeError("may_send must not be async")  # noqa: TRY301 - logged like its own errors
            if is_allowed:
                return None
        except Exception as error:  # noqa: BLE001 - logged, and retried
            # Its text may show the message: a KeyError shows the recipient.
            where = traceback.extract_tb(error.__traceback__)[:2][-1]  # the line of the user's function
            said = "may_send failed: %s in %s, line %s; retrying the message in %g seconds"
            logger.error(said, type(error).__name__, where.filename, where.lineno, _AFTER_A_FAILED_CHECK)  # noqa: TRY400 - as above
            return release(self.context.database, self.claim, wait=_AFTER_A_FAILED_CHECK)
        return release(self.context.database, self.claim, reason="rejected by may_send")

    @property
    def text(self) -> str:
        """The text of the message."""
        return self._body["text"]

    @property
    def _body(self) -> dict[str, str]:
        body: dict[str, str] = json.loads(self.message.body)
        return body

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of the send."""
        return {
            "idempotency_key": wire_key(self.message),
            "format": self._body.get("format"),
            "from_number": self.message.number or None,
            "timeout": self.context.settings.request_timeout,
        }

    def finish(self, sent: SentMessage | None, error: Exception | None) -> Delivery:
        """Record the outcome.

        Raises:
            OutboxStoppedError: Blooio rejected the API key, or the plan does not cover messages.
        """
        delivery, verdict = self._record(error, sent)
        if verdict.stops:
            raise OutboxStoppedError(
                f"Blooio responded {verdict.reason}: check the API key and the plan; no message is lost"
            ) from error
        return delivery

    def _record(self, error: Exception | None, sent: SentMessage | None) -> tuple[Delivery, Verdict]:
        """Record the outcome, once the database is back if it restarts: otherwise, the request would be repeated."""
        end = time.monotonic() + _RECORD_FOR
        while True:
            try:
                return record(self.context.database, self.context.settings, self.claim, error, sent)
            except sqlalchemy.exc.SQLAlchemyError:
                if time.monotonic() >= end:
                    raise
                time.sleep(_RECORD_EVERY)


def is_about_client(error: Exception) -> bool:
    """Whether an error says nothing about the message: the client was closed, or its function returned no API key."""
    if isinstance(error, InvalidArgumentError):  # an invalid message has no operation yet
        return error.operation is not None
    return isinstance(error, ClientStateError) and error.sent is False


def check_is_sync(client: object) -> None:
    """Reject what is not a client, and an async client, whose sends would never be awaited."""
    if isinstance(client, AsyncBlooio):
        raise InvalidArgumentError("client must be a Blooio; for an AsyncBlooio, call arun or adeliver")
    if not hasattr(client, "with_options"):
        raise InvalidArgumentError(f"client must be a Blooio, not {type(client).__name__}")


def check_is_async(client: object) -> None:
    """Reject what is not a client, and a sync client, which would block the event loop."""
    if isinstance(client, Blooio):
        raise InvalidArgumentError("client must be an AsyncBlooio; for a Blooio, call run or deliver")
    if not hasattr(client, "with_options"):
        raise InvalidArgumentError(f"client must be an AsyncBlooio, not {type(client).__name__}")


def wire_key(message: Candidate) -> str:
    """Return the idempotency key of a message: the same at every attempt, on every machine."""
    return idempotency_key_for(message.key, message.recipient)


def begin(context: Context, identity: int) -> Attempt | Delivery:
    """Claim a message, or return why it is not sent now."""
    context.leases.after_fork()
    context.leases.start()  # before the claim: one that cannot be renewed would be taken over during its request
    began = elapsed()
    claimed = claim(context.database, context.settings, identity, context.leases.owner)
    return Attempt(context, claimed, began) if isinstance(claimed, Claim) else claimed


def deliver(context: Context, identity: int, client: Blooio) -> Delivery:
    """Send a message with the sync client."""
    check_is_sync(client)
    single = client.with_options(max_retries=0)
    attempt = begin(context, identity)
    if isinstance(attempt, Delivery):
        return attempt
    with context.leases.holding(attempt.claim, attempt.began):
        try:
            time.sleep(attempt.claim.wait)
            stopped = attempt.before_request()
        except BaseException:  # nothing was sent, so the message need not wait for its lease to end
            release(context.database, attempt.claim)
            raise
        if stopped is not None:
            return stopped
        sent, error = None, None
        try:
            chat = single.chat(attempt.message.recipient)
            sent = chat.send(attempt.text, **attempt.options)
        except Exception as problem:
            if is_about_client(problem):
                release(context.database, attempt.claim)
                raise
            error = problem  # whatever a transport raises is an outcome, and is recorded
        except BaseException:
            attempt.finish(None, _INTERRUPTED)
            raise
        return attempt.finish(sent, error)


async def adeliver(context: Context, identity: int, client: AsyncBlooio) -> Delivery:
    """Send a message with the async client; the ledger runs in threads."""
    check_is_async(client)
    single = client.with_options(max_retries=0)
    attempt = await anyio.to_thread.run_sync(begin, context, identity)
    if isinstance(attempt, Delivery):
        return attempt
    with context.leases.holding(attempt.claim, attempt.began):
        try:
            await anyio.sleep(attempt.claim.wait)
            stopped = await anyio.to_thread.run_sync(attempt.before_request)
        except BaseException:  # as above
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(release, context.database, attempt.claim)
            raise
        if stopped is not None:
            return stopped
        sent, error = None, None
        try:
            chat = single.chat(attempt.message.recipient)
            sent = await chat.send(attempt.text, **attempt.options)
        except Exception as problem:
            if is_about_client(problem):
                await anyio.to_thread.run_sync(release, context.database, attempt.claim)
                raise
            error = problem  # as above
        except BaseException:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(attempt.finish, None, _INTERRUPTED)
            raise
        # The outcome of the request is known; a cancellation must not lose it.
        with anyio.CancelScope(shield=True):
            delivery = await anyio.to_thread.run_sync(attempt.finish, sent, error)
        return delivery  # noqa: RET504  # pyright: ignore[reportPossiblyUnboundVariable] - the scope is never cancelled, so it swallows nothing
