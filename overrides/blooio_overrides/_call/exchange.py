"""How a call ended, and its result or error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from blooio_client.types import UNSET, Call, Unset

from ..results import RawResponse
from . import failures
from .failures import CallState
from .outcome import Failure, Outcome, Response, content_of, is_success, unusable_reason

if TYPE_CHECKING:
    from .settings import Timeout

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class Options:
    """The options of a single call."""

    timeout: Timeout | Unset = UNSET
    headers: Mapping[str, str] | None = None


@attrs.frozen(eq=False, repr=False)
class Exchange:
    """How a call ended: its last outcome, and what is known about its attempts."""

    state: CallState
    outcome: Outcome
    expired: bool
    """Whether there was no time left for another attempt."""

    def response(self) -> Response:
        """Return the response, whatever its status.

        Raises:
            ConnectionFailedError: No response was received.
            DeadlineExceededError: No response was received in time.
        """
        if isinstance(self.outcome, Failure):
            raise failures.error_of(self.state, self.outcome, expired=self.expired) from self.outcome.cause
        return self.outcome

    def successful_response(self) -> Response:
        """Return the response if it can be the result.

        Raises:
            BlooioError: It cannot be the result.
        """
        response = self.outcome
        if not is_success(response):
            raise failures.error_of(self.state, response, expired=self.expired) from getattr(response, "cause", None)
        reason = unusable_reason(self.state.call, response)
        if reason is not None:
            raise failures.unexpected_response(self.state, response, reason)
        return response

    def result(self, call: Call[T]) -> T:
        """Return the result of a call.

        Raises:
            BlooioError: The call failed.
        """
        response = self.successful_response()
        if call.returns != "object":
            return call.read(content_of(response, call.returns))
        return call.read(response.json if response.body else None)

    def raw(self) -> RawResponse:
        """Return the response as it is."""
        response = self.response()
        return RawResponse.of(response.status, response.headers, response.body, self.state.idempotency_key)
