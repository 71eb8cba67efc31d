"""Tables of verdicts on outcomes, and of when a message may be sent."""

from __future__ import annotations

import attrs
import pytest

from blooio_client import errors
from blooio_outbox.verdicts import (
    WINDOW,
    Admission,
    Candidate,
    End,
    Later,
    Verdict,
    admit,
    after_status,
    backoff,
    judge,
)

NEVER_SENT = errors.ConnectionFailedError(sent=False)
BROKEN = errors.ConnectionFailedError(sent=None)


def api_error(kind: type[errors.APIError], code: str | None = None, *, sent: bool | None = False) -> errors.APIError:
    """Return an error response of the service."""
    statuses: dict[type[errors.APIError], int] = {errors.ServerError: 500, errors.NoActiveNumberError: 503}
    status = statuses.get(kind, 400)
    return kind(status=status, code=code, sent=sent)


FIRST_ATTEMPT: list[tuple[Exception | None, Verdict]] = [
    (None, Verdict("sent")),
    (errors.UnexpectedResponseError(), Verdict("sent", "accepted, but the response has no message id")),
    (errors.UnexpectedResponseError(sent=None),
     Verdict("retrying", "UnexpectedResponseError", retry_in=2.0, counts=True)),
    (api_error(errors.QuotaExceededError, "outbound_limit_reached"),
     Verdict("waiting", "outbound_limit_reached", until_next_day=True)),
    (api_error(errors.QuotaExceededError, "conversation_streak_limit"), Verdict("failed", "conversation_streak_limit")),
    (errors.RateLimitError(status=429, retry_after=7.0, sent=False), Verdict("waiting", "rate_limited", pause=7.0)),
    (errors.RateLimitError(status=429, retry_after=0.0, sent=False), Verdict("waiting", "rate_limited", pause=1.0)),
    (errors.RateLimitError(status=429, sent=False), Verdict("waiting", "rate_limited", pause=1.0)),
    (api_error(errors.AuthenticationError), Verdict("waiting", "AuthenticationError", stops=True)),
    (api_error(errors.PaymentRequiredError), Verdict("waiting", "PaymentRequiredError", stops=True)),
    (api_error(errors.PermissionDeniedError, "safety_reply_only"),
     Verdict("waiting", "safety_reply_only", until_next_day=True)),
    (api_error(errors.PermissionDeniedError, "inbound_only_no_prior_inbound"),
     Verdict("failed", "inbound_only_no_prior_inbound")),
    (api_error(errors.PermissionDeniedError), Verdict("failed", "PermissionDeniedError")),
    (api_error(errors.BadRequestError), Verdict("failed", "BadRequestError")),
    (errors.NotFoundError(status=404, message="Group not found", sent=False), Verdict("failed", "NotFoundError")),
    (errors.NotFoundError(status=404, code="no_group", sent=False), Verdict("failed", "no_group")),
    (errors.NotFoundError(status=404, sent=False), Verdict("waiting", "not_the_api", pause=1.0)),
    (errors.InvalidArgumentError("text"), Verdict("failed", "InvalidArgumentError")),
    (NEVER_SENT, Verdict("waiting", "unreachable", pause=1.0)),
    (errors.DeadlineExceededError(sent=False), Verdict("waiting", "unreachable", pause=1.0)),
    (BROKEN, Verdict("retrying", "ConnectionFailedError", retry_in=2.0, counts=True)),
    (errors.DeadlineExceededError(sent=None), Verdict("retrying", "DeadlineExceededError", retry_in=2.0, counts=True)),
    (api_error(errors.ServerError, sent=None), Verdict("retrying", "ServerError", retry_in=2.0, counts=True)),
    (api_error(errors.NoActiveNumberError, sent=None), Verdict("retrying", "NoActiveNumberError", pause=1.0)),
    (api_error(errors.RateLimitError, sent=None), Verdict("retrying", "rate_limited", pause=1.0)),
    (RuntimeError("a transport's own"), Verdict("retrying", "RuntimeError", retry_in=2.0, counts=True)),
]  # fmt: skip


@pytest.mark.parametrize(("error", "verdict"), FIRST_ATTEMPT)
def test_the_first_attempt(error: Exception | None, verdict: Verdict) -> None:
    """Each outcome of a first attempt has its verdict."""
    assert judge(error, uncertain=False, attempts=0, troubles=0, age=0.0) == verdict


@pytest.mark.parametrize(("error", "verdict"), FIRST_ATTEMPT)
def test_after_an_attempt_of_unknown_outcome(error: Exception | None, verdict: Verdict) -> None:
    """A later rejection never turns an unknown outcome into `failed`."""
    later = judge(error, uncertain=True, attempts=0, troubles=0, age=0.0)

    expected = {"failed": "unknown", "waiting": "retrying"}.get(verdict.state, verdict.state)
    assert later.state == expected


@pytest.mark.parametrize(
    ("error", "state"),
    [(BROKEN, "unknown"), (api_error(errors.NoActiveNumberError, sent=None), "unknown"), (NEVER_SENT, "retrying")],
)
def test_after_the_window(error: Exception, state: str) -> None:
    """Once the key no longer prevents duplicates, an unknown outcome is final."""
    assert judge(error, uncertain=True, attempts=3, troubles=0, age=WINDOW + 1).state == state


def test_backoffs_grow_to_a_limit() -> None:
    """A message's backoff grows with its attempts, and a number's with its consecutive failures, up to a limit."""
    message = [judge(BROKEN, uncertain=True, attempts=n, troubles=9, age=0.0).retry_in for n in range(4)]
    number = [judge(NEVER_SENT, uncertain=False, attempts=9, troubles=n, age=0.0).pause for n in range(4)]

    assert message == [2.0, 4.0, 8.0, 16.0]
    assert number == [1.0, 2.0, 4.0, 8.0]
    assert backoff(10_000, 1.0, 60.0) == 60.0


WAITING = Candidate(
    id=1, key="k", recipient="+15551234567", number="", body="{}", state="waiting", due=900.0, not_after=None,
    zone=None, quiet_hours=None, slot=None, lease=None, claims=0, attempts=0, first_attempt=None, ending=None,
    per_minute=None, paused_until=0.0, troubles=0, opted_out=False, now=1000.0,
)  # fmt: skip
RETRYING = attrs.evolve(WAITING, state="retrying", first_attempt=950.0)
AFTER_UNKNOWN = "after an attempt with an unknown outcome"

ADMISSIONS: list[tuple[Candidate, float | None, Admission]] = [
    (WAITING, 1000.0, "go"),
    (RETRYING, 1000.0, "go"),
    (attrs.evolve(WAITING, state="sent"), 1000.0, "done"),
    (attrs.evolve(WAITING, state="cancelled"), 1000.0, "done"),
    (attrs.evolve(RETRYING, state="sending", lease=1001.0), 1000.0, "in hand"),
    (attrs.evolve(RETRYING, state="sending", lease=999.0), 1000.0, "go"),
    (attrs.evolve(WAITING, opted_out=True), 1000.0, End("skipped", "opted_out")),
    (attrs.evolve(RETRYING, opted_out=True), 1000.0, End("unknown", f"opted_out, {AFTER_UNKNOWN}")),
    (attrs.evolve(WAITING, ending="cancelled"), 1000.0, End("cancelled", "cancelled")),
    (attrs.evolve(RETRYING, ending="cancelled"), 1000.0, End("unknown", f"cancelled, {AFTER_UNKNOWN}")),
    (attrs.evolve(WAITING, not_after=999.0), 1000.0, End("skipped", "too_late")),
    (attrs.evolve(WAITING, not_after=1001.0), 1000.0, "go"),
    (WAITING, None, End("failed", "no_time_zone")),
    (RETRYING, None, End("unknown", "no_time_zone")),
    (attrs.evolve(WAITING, paused_until=1500.0), 1000.0, Later(1500.0)),
    (attrs.evolve(WAITING, due=1200.0), 1000.0, Later(1200.0)),
    (WAITING, 1300.0, Later(1300.0, moves_due=True)),
    (
        attrs.evolve(RETRYING, first_attempt=1000.0 - WINDOW - 1),
        1000.0,
        End("unknown", "the outcome is unknown, and the key no longer prevents a second message"),
    ),
]


@pytest.mark.parametrize(("message", "allowed_at", "admission"), ADMISSIONS)
def test_admission(message: Candidate, allowed_at: float | None, admission: Admission) -> None:
    """A message is sent, ended or postponed for the first reason that applies."""
    assert admit(message, allowed_at) == admission


@pytest.mark.parametrize(
    ("current", "told", "state"),
    [
        ("sent", "delivered", "delivered"),
        ("delivered", "read", "read"),
        ("read", "delivered", "read"),
        ("delivered", "delivered", "delivered"),
        ("sent", "failed", "failed"),
        ("unknown", "failed", "failed"),
        ("delivered", "failed", "delivered"),
        ("unknown", "delivered", "delivered"),
        ("cancelled", "delivered", "cancelled"),
        ("sent", "queued", "sent"),
    ],
)
def test_statuses_come_in_any_order(current: str, told: str, state: str) -> None:
    """A late or repeated status never reverts a state."""
    assert after_status(current, told) == state
