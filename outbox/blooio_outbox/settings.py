"""The settings of an outbox."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final

import attrs

from blooio_client import InvalidArgumentError

from .quiet import QuietHours

LEASE: Final = 8.0
"""Seconds for which a claim is valid unless its process renews it."""
REQUEST_TIMEOUT: Final = 30.0
FOREVER: Final = 253_402_300_799.0
"""The end of the year 9999."""


def end_of(address: str | None) -> str:
    """Show the end of a phone number or another address."""
    return "None" if address is None else f"·····{address[-min(4, len(address) // 2) :]}"


@attrs.frozen
class Outgoing:
    """A message that is about to be sent, for `may_send`."""

    key: str = attrs.field(repr=end_of)
    """The key that identifies the message."""
    campaign: str | None
    """The campaign that it belongs to."""
    recipient: str = attrs.field(repr=end_of)
    """The recipient; email addresses are in lower case."""
    number: str | None = attrs.field(repr=end_of)
    """The number to send from; None means the client's own."""
    text: str = attrs.field(repr=False)
    """The text."""


def _check_may_send(_: object, __: object, may_send: Any) -> None:
    if may_send is not None and (not callable(may_send) or iscoroutinefunction(may_send)):
        raise InvalidArgumentError("may_send must be a sync function of a message")


@attrs.frozen
class Settings:
    """The settings of an outbox."""

    per_minute: float | None = 10.0
    quiet_hours: QuietHours = attrs.field(factory=QuietHours)
    quota_zone: str = "UTC"
    may_send: Callable[[Outgoing], bool] | None = attrs.field(default=None, validator=_check_may_send)
    lease: float = LEASE
    request_timeout: float = REQUEST_TIMEOUT

    def pace(self, of_number: float | None) -> float | None:
        """Return the pace of a number, or else that of the outbox; 0 or None means no limit."""
        return self.per_minute if of_number is None else of_number


@attrs.frozen
class Delivery:
    """The result of `deliver`."""

    state: str
    """The message's state; `gone` if it does not exist."""
    wait: float | None = None
    """Seconds after which to call `deliver` again; None if nothing is left to do."""
    reason: str | None = None
    """Why it ended like this, or what the last error was."""


def moment(seconds: float | None) -> datetime.datetime | None:
    """Return seconds since 1970 as an aware datetime in UTC; what is later than the year 9999 is its end."""
    return None if seconds is None else datetime.datetime.fromtimestamp(min(seconds, FOREVER), datetime.UTC)
