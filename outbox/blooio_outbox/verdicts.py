"""What the outcome of an attempt means, and whether to make one.

Pure functions, without clock, database or network.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from blooio_client import errors
from blooio_overrides.idempotency import RETRY_WINDOW

State = Literal[
    "waiting", "sending", "retrying", "sent", "delivered", "read", "failed", "unknown", "cancelled", "skipped"
]
OPEN: Final = ("waiting", "sending", "retrying")
"""States of unsent messages. `retrying` means that an earlier attempt has an unknown outcome."""
DONE: Final = ("sent", "delivered", "read")
"""States of messages that Blooio accepted, in order."""
ENDED: Final = (*DONE, "failed", "unknown", "cancelled", "skipped")
STATES: Final = (*OPEN, *ENDED)

# Codes that concern one conversation, and codes that concern the sending number.
_ABOUT_RECIPIENT: Final = ("conversation_", "inbound_only", "reply_target", "attachment_")
_ABOUT_NUMBER: Final = ("safety_", "from_number_")
WINDOW: Final = RETRY_WINDOW.total_seconds()
"""Seconds after the first attempt during which the same key certainly prevents a second message."""
_EXPIRED: Final = "the outcome is unknown, and the key no longer prevents a second message"


@attrs.frozen
class Verdict:
    """The effect of an attempt on its message and on its sending number."""

    state: State
    reason: str | None = None
    retry_in: float = 0.0
    """Seconds until the message is due again."""
    counts: bool = False
    """Whether the attempt makes the message's own backoff grow."""
    pause: float = 0.0
    """Seconds for which the number pauses."""
    until_next_day: bool = False
    """Whether the number pauses until its quota resets."""
    stops: bool = False
    """Whether no message at all can be sent."""


def backoff(failures: int, base: float, cap: float) -> float:
    """Return the seconds to wait after this many failures in a row: doubling from `base`, at most `cap`."""
    return min(cap, base * 2.0 ** min(max(0, failures - 1), 32))


def judge(  # noqa: PLR0911 - a table, read from top to bottom
    error: Exception | None, *, uncertain: bool, attempts: int, troubles: int, age: float
) -> Verdict:
    """Return the verdict on an attempt.

    Args:
        error: What the send raised; None if it returned.
        uncertain: Whether an earlier attempt of this message has an unknown outcome.
        attempts: The number of earlier attempts with an unknown outcome, for the message's backoff.
        troubles: The number's failures in a row before this attempt.
        age: Seconds since the first attempt.
    """
    if error is None:
        return Verdict("sent")
    if isinstance(error, errors.UnexpectedResponseError) and error.sent:
        return Verdict("sent", "accepted, but the response has no message id")
    may_be_sent = getattr(error, "sent", None) is not False
    reason = getattr(error, "code", None) or type(error).__name__
    verdict = _not_this_message(error, reason, uncertain=uncertain or may_be_sent, troubles=troubles)
    if verdict is not None:
        return verdict
    if not may_be_sent:  # a later rejection cannot undo an earlier attempt
        return Verdict("unknown" if uncertain else "failed", reason)
    if age > WINDOW:
        return Verdict("unknown", f"{reason}: {_EXPIRED}")
    if getattr(error, "status", None) == 503:  # noqa: PLR2004 - a status
        # The number pauses, not the message: an outage must not increase the message's backoff.
        return Verdict("retrying", reason, pause=backoff(troubles + 1, 1.0, 60.0))
    return Verdict("retrying", reason, retry_in=backoff(attempts + 1, 2.0, 600.0), counts=True)


def _not_this_message(error: Exception, reason: str, *, uncertain: bool, troubles: int) -> Verdict | None:
    """Return the verdict if the error concerns the number, the rate or the account; None if it concerns the message."""
    again: State = "retrying" if uncertain else "waiting"
    if isinstance(error, errors.QuotaExceededError):
        return None if reason.startswith(_ABOUT_RECIPIENT) else Verdict(again, reason, until_next_day=True)
    if isinstance(error, errors.RateLimitError):
        # Retry-After: 0 would repeat the request at once, forever.
        return Verdict(again, "rate_limited", pause=error.retry_after or backoff(troubles + 1, 1.0, 60.0))
    if isinstance(error, errors.AuthenticationError | errors.PaymentRequiredError):
        return Verdict(again, type(error).__name__, stops=True)
    if isinstance(error, errors.PermissionDeniedError) and reason.startswith(_ABOUT_NUMBER):
        return Verdict(again, reason, until_next_day=True)
    elsewhere = _not_the_service(error)
    return None if elsewhere is None else Verdict(again, elsewhere, pause=backoff(troubles + 1, 1.0, 60.0))


def _not_the_service(error: Exception) -> str | None:
    """Return why the request did not reach Blooio; None if it did, or may have."""
    if isinstance(error, errors.ConnectionFailedError | errors.DeadlineExceededError) and error.sent is False:
        return "unreachable"
    if isinstance(error, errors.NotFoundError) and error.code is None and error.message is None:
        return "not_the_api"  # a gateway, or another server that base_url names: Blooio's own 404 has a message
    return None


@attrs.frozen
class Candidate:
    """A message that is about to be sent."""

    id: int
    # Hidden: an error reporter records the local variables of an attempt.
    key: str = attrs.field(repr=False)
    recipient: str = attrs.field(repr=False)
    number: str = attrs.field(repr=False)
    body: str = attrs.field(repr=False)
    state: State
    due: float
    not_after: float | None
    zone: str | None
    quiet_hours: str | None
    slot: float | None
    lease: float | None
    claims: int
    attempts: int
    first_attempt: float | None
    ending: str | None
    per_minute: float | None
    paused_until: float
    troubles: int
    opted_out: bool
    now: float
    campaign: str | None = None

    @property
    def uncertain(self) -> bool:
        """Whether an earlier attempt has an unknown outcome."""
        return self.first_attempt is not None


@attrs.frozen
class End:
    """The message is not sent and ends in this state."""

    state: State
    reason: str


@attrs.frozen
class Later:
    """The message is not sent yet; call again at this time."""

    at: float
    moves_due: bool = False
    """Whether the message waits rather than its number."""


Admission = Literal["done", "in hand", "go"] | End | Later


def admit(message: Candidate, allowed_at: float | None) -> Admission:  # noqa: PLR0911 - a table, as above
    """Decide whether a message may be sent now.

    Args:
        message: The message.
        allowed_at: The next time outside the recipient's quiet hours; None if there is none.
    """
    now = message.now
    if message.state not in OPEN:
        return "done"
    if message.state == "sending" and message.lease is not None and message.lease > now:
        return "in hand"
    if message.first_attempt is not None and now - message.first_attempt > WINDOW:
        return End("unknown", _EXPIRED)
    ending = "opted_out" if message.opted_out else message.ending
    if ending is not None:
        return ended(ending, uncertain=message.uncertain)
    if message.not_after is not None and now > message.not_after:
        return ended("too_late", uncertain=message.uncertain)
    if allowed_at is None:
        return End("unknown" if message.uncertain else "failed", "no_time_zone")
    if message.paused_until > now:
        return Later(message.paused_until)
    if message.due > now:
        return Later(message.due)
    return Later(allowed_at, moves_due=True) if allowed_at > now else "go"


def ended(reason: str, *, uncertain: bool) -> End:
    """Return the final state of an unsent message: `cancelled`, `skipped` or, if it may be out, `unknown`."""
    if uncertain:
        return End("unknown", f"{reason}, after an attempt with an unknown outcome")
    return End("cancelled" if reason == "cancelled" else "skipped", reason)


def after_status(current: str, reported: str) -> str:
    """Return the state after a status, which may arrive late, twice or out of order."""
    if reported == "failed":
        return "failed" if current in ("sent", "unknown") else current
    if reported not in DONE or current not in (*DONE, "unknown"):
        return current
    return reported if current == "unknown" or DONE.index(reported) > DONE.index(current) else current
