"""What an outbox was told when it was made."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

import attrs

from .quiet import Sleep

LEASE: Final = 8.0
"""Seconds for which a claim holds unless its process renews it."""
REQUEST_TIMEOUT: Final = 30.0


@attrs.frozen
class Outgoing:
    """A message that is about to be sent, for `may_send`."""

    key: str
    """What makes it the only one of its kind."""
    campaign: str | None
    """The campaign that it belongs to."""
    recipient: str
    """To whom it goes."""
    number: str | None
    """The number that it goes out from; None: the client's own."""
    text: str
    """The text."""


@attrs.frozen
class Settings:
    """What an outbox was told when it was made."""

    per_minute: float | None = 10.0
    sleep: Sleep = attrs.field(factory=Sleep)
    quota_zone: str = "UTC"
    may_send: Callable[[Outgoing], bool] | None = None
    lease: float = LEASE
    request_timeout: float = REQUEST_TIMEOUT

    def pace(self, of_number: float | None) -> float | None:
        """Return the pace of a number: its own, or that of the outbox; 0 or None is no limit."""
        return self.per_minute if of_number is None else of_number


@attrs.frozen
class Delivery:
    """What `deliver` did."""

    state: str
    """The message's state now; `gone` if there is no such message."""
    wait: float | None = None
    """Seconds after which to call `deliver` again; None: there is nothing left to do for this call."""
    reason: str | None = None
    """Why it ended like this, or what the last error was."""


def moment(seconds: float | None) -> datetime.datetime | None:
    """Return seconds since 1970 as an aware datetime in UTC."""
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.UTC)
