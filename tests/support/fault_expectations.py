"""The expected result of each fault, by kind of operation, written by hand and independent of the client."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import faults
from fault_repeats import Kind
from fault_talk import Fault

from blooio_client import errors


@attrs.frozen
class End:
    """How a call ends under a persistent fault."""

    attempts: int
    error: type[errors.BlooioError] | None
    """The class of the error; None if the call returns a result."""
    sent: bool | None = None

    def after_one(self) -> End:
        """Return how the call ends if the fault occurs once: if it is retried, the second attempt succeeds."""
        return End(2, None) if self.attempts > 1 else self


@attrs.frozen
class Row:
    """The common expectations for some faults."""

    what: str
    """A description, for the documentation."""
    faults: tuple[Fault, ...]
    ends: Mapping[Kind, End]
    happens_once: bool = True
    """Whether the matrix also has a cell in which the fault occurs only once."""


def all_kinds(end: End) -> dict[Kind, End]:
    """Return the same end for every kind."""
    return dict.fromkeys(Kind, end)


def by_kind(*, repeatable: End, visible: End, once: End) -> dict[Kind, End]:
    """Return one end for calls that are always retried, and one for each other kind."""
    return {Kind.SAFE: repeatable, Kind.KEYED: repeatable, Kind.VISIBLE: visible, Kind.ONCE: once}


def unless_repeatable(error: type[errors.BlooioError], *, sent: bool | None) -> dict[Kind, End]:
    """Return an error after three attempts if the call is always retried, otherwise after one."""
    single = End(1, error, sent)
    return by_kind(repeatable=End(3, error, sent), visible=single, once=single)


def later(error: type[errors.BlooioError], *, keyed: int = 2) -> dict[Kind, End]:
    """Return the ends for an error response to a retry after a lost response."""
    lost = End(1, errors.ConnectionFailedError)
    return {Kind.SAFE: End(2, error), Kind.KEYED: End(keyed, error), Kind.VISIBLE: lost, Kind.ONCE: lost}


NEVER_LEFT: Final = all_kinds(End(3, errors.ConnectionFailedError, sent=False))
LOST: Final = unless_repeatable(errors.ConnectionFailedError, sent=None)
NOT_JSON: Final = all_kinds(End(1, errors.UnexpectedResponseError, sent=None))
NO_RESULT: Final = all_kinds(End(1, errors.UnexpectedResponseError, sent=True))
RESULT: Final = all_kinds(End(1, None))

_SPECIAL: Final[Mapping[int, tuple[str, Mapping[Kind, End]]]] = MappingProxyType(
    {
        400: ("400", all_kinds(End(1, errors.BadRequestError, sent=False))),
        401: ("401", all_kinds(End(1, errors.AuthenticationError, sent=False))),
        402: ("402", all_kinds(End(1, errors.PaymentRequiredError, sent=False))),
        403: ("403", all_kinds(End(1, errors.PermissionDeniedError, sent=False))),
        404: ("404", all_kinds(End(1, errors.NotFoundError, sent=False))),
        408: ("408", unless_repeatable(errors.APIError, sent=None)),
        409: ("409", all_kinds(End(1, errors.ConflictError, sent=None))),
        425: ("425", unless_repeatable(errors.APIError, sent=False)),
        429: ("429 without a code", all_kinds(End(3, errors.RateLimitError, sent=False))),
        500: ("500, 504", unless_repeatable(errors.ServerError, sent=None)),
        501: ("501", all_kinds(End(1, errors.ComingSoonError, sent=False))),
        502: ("502 with an error body", unless_repeatable(errors.DeviceUnreachableError, sent=None)),
        503: (
            "503 with an error body",
            by_kind(
                repeatable=End(3, errors.NoActiveNumberError),
                visible=End(3, errors.NoActiveNumberError),
                once=End(1, errors.NoActiveNumberError),
            ),
        ),
        504: ("500, 504", unless_repeatable(errors.ServerError, sent=None)),
    }
)
_ELSE: Final[Mapping[int, tuple[str, Mapping[Kind, End]]]] = MappingProxyType(
    {
        3: ("any 3xx", all_kinds(End(1, errors.RedirectError, sent=None))),
        4: ("any other 4xx", all_kinds(End(1, errors.APIError, sent=False))),
        5: ("any other 5xx, such as 520 and 599", all_kinds(End(1, errors.ServerError, sent=None))),
    }
)


def of_status(status: int) -> tuple[str, Mapping[Kind, End]]:
    """Return the description and the ends for a status, with an error body without a code."""
    return _SPECIAL.get(status) or _ELSE[status // 100]


def _statuses() -> list[Row]:
    grouped: dict[str, list[Fault]] = {}
    for fault in faults.STATUSES:
        assert fault.status
        grouped.setdefault(of_status(fault.status)[0], []).append(fault)
    return [Row(what, tuple(of), of_status(of[0].status or 0)[1]) for what, of in grouped.items()]


STATUSES: Final = _statuses()
ROWS: Final = (
    Row("connection refused", faults.REFUSED, NEVER_LEFT, happens_once=False),
    Row("TLS fails", faults.BAD_TLS, NEVER_LEFT),
    Row("the connection breaks before a response", faults.BROKEN, LOST),
    Row("a truncated response", faults.CUT, LOST),
    Row("a response that is not HTTP", faults.GARBLED, LOST),
    Row("no response in time", faults.LATE, all_kinds(End(1, errors.DeadlineExceededError, sent=None))),
    Row("a success that is not JSON", faults.UNREADABLE, NOT_JSON),
    Row("a success without a valid result", faults.UNUSABLE, NO_RESULT),
    Row("an oversized response", faults.BULKY, NOT_JSON),
    Row("a redirect to another host", faults.REDIRECTS, all_kinds(End(1, errors.RedirectError, sent=None))),
    Row("429 with a code", (faults.QUOTA,), all_kinds(End(1, errors.QuotaExceededError, sent=False))),
    Row("502 or 503 from a gateway", faults.GATEWAYS, unless_repeatable(errors.ServerError, sent=None)),
    Row("413 before the request was read", (faults.EARLY,), all_kinds(End(1, errors.APIError, sent=False))),
    Row("response lost, then 409", (faults.CONFLICT_LATER,), later(errors.ConflictError, keyed=3), happens_once=False),
    Row("response lost, then 400", (faults.REFUSED_LATER,), later(errors.BadRequestError), happens_once=False),
    Row("response lost, then 404", (faults.GONE_LATER,), later(errors.NotFoundError), happens_once=False),
    Row("odd, but valid", faults.HARMLESS, RESULT),
)
CORE: Final = frozenset(
    {
        "connection refused",
        "reset before the request is read",
        "reset after the headers",
        "reset after the whole request",
        "truncated body",
        "garbage instead of HTTP",
        "slow headers",
        "HTML body",
        "redirect 307",
        "429 with a code",
        "503 with HTML",
        "status 429",
        "status 500",
        "status 503",
    }
)
"""The faults that the short run tries on every operation."""
