"""Decide when to poll a message again, and when a wait is over. Nothing here waits or sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from blooio_client.types import UNSET, Unset

from .._call import retries as deadlines
from ..arguments import reject
from ..errors import (
    APIError,
    BlooioError,
    ConnectionFailedError,
    DeadlineExceededError,
    MessageFailedError,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)

if TYPE_CHECKING:
    from blooio_client.models import MessageStatus

    from .._call.settings import Timeout

_RANKS: Final[Mapping[str, int]] = MappingProxyType({"queued": 0, "sent": 1, "delivered": 2, "read": 3})
_FAILURES: Final = frozenset({"failed", "cancelled"})
_PASSING: Final = (
    ConnectionFailedError,
    DeadlineExceededError,
    ServerError,
    RateLimitError,
    UnexpectedResponseError,  # such as the page of a gateway
)
NOT_YET_FOUND: Final = 3
"""How many requests may return 404 for a message that was just sent."""
LAST_REQUEST: Final = 1.0
"""The shortest timeout of the last request, in seconds, even if less time is left."""


class Watch:
    """The progress of a wait for a message."""

    def __init__(self, until: str, timeout: float | timedelta | None, poll: float | timedelta) -> None:
        """Start the wait.

        Raises:
            InvalidArgumentError: `until` is not a status to wait for, or a number of seconds is invalid.
        """
        self._until = _checked_status(until)
        self._timeout = None if timeout is None else checked_seconds(timeout, "timeout")
        self._poll = checked_seconds(poll, "poll")
        self._missed = 0
        self._failed = False
        self._asked = 0.0
        self._ends_at = None if self._timeout is None else deadlines.now() + self._timeout

    def _left(self) -> float | None:
        return None if self._ends_at is None else self._ends_at - deadlines.now()

    def request_timeout(self, usual: Timeout) -> Timeout | Unset:
        """Return the timeout of one request: the usual one, or less if less time is left."""
        left = self._left()
        if left is None:
            return UNSET
        return max(LAST_REQUEST, min(usual, left) if isinstance(usual, int | float) else left)

    def tolerate(self, error: BlooioError) -> None:
        """Continue after a failed request, if the next one may succeed.

        A message that was just sent may not be found yet, and one failed request does not end the wait.

        Raises:
            BlooioError: The previous request failed, too, or no time is left.
        """
        self._missed += isinstance(error, NotFoundError)
        is_early = isinstance(error, NotFoundError) and self._missed <= NOT_YET_FOUND
        may_pass = isinstance(error, _PASSING)
        left = self._left()
        if (left is not None and left <= 0) or not (is_early or (may_pass and not self._failed)):
            raise error
        self._failed = self._failed or not is_early
        asked = error.retry_after if isinstance(error, APIError) else None
        self._asked = min(asked or 0.0, deadlines.MAX_RETRY_AFTER)

    def is_over(self, message: MessageStatus) -> bool:
        """Whether the message has reached the status, or a later one.

        Raises:
            MessageFailedError: It has failed or was cancelled.
        """
        self._failed, self._missed, self._asked = False, NOT_YET_FOUND, 0.0
        status = message.status if isinstance(message.status, str) else ""
        if status in _FAILURES:
            raise MessageFailedError(
                f"the message is {status}. error.message_status.error may say why",
                message_status=message,
                operation="getMessageStatus",
            )
        return _RANKS.get(status, -1) >= _RANKS[self._until]

    def pause(self, message: MessageStatus | None) -> float:
        """Return the seconds until the next request: what the service asked for, if that is longer than usual.

        Raises:
            DeadlineExceededError: No time is left.
        """
        left, usual = self._left(), max(self._poll, self._asked)
        if left is None or self._timeout is None:
            return usual
        if left <= 0:
            raise DeadlineExceededError(
                f"the message was not {self._until} within {round(self._timeout, 2):g} seconds{_last_seen(message)}. "
                "It may still arrive: wait again, or rely on webhooks; SMS and RCS may never be reported as delivered",
                operation="getMessageStatus",
            )
        return min(usual, left)


def _last_seen(message: MessageStatus | None) -> str:
    # A status that this version does not know is not shown: it could be any text.
    return f"; it is {message.status}" if message is not None and message.status in tuple(_RANKS) else ""


def _checked_status(until: object) -> str:
    if not isinstance(until, str) or until not in _RANKS:
        reject(f"until is not a status to wait for; expected one of {', '.join(_RANKS)}")
    return str(until)


def checked_seconds(seconds: object, name: str) -> float:
    """Return a number of seconds (>= 0).

    Raises:
        InvalidArgumentError: It is not.
    """
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
        reject(f"{name} is out of range; expected a number of seconds >= 0")
    return float(seconds)
