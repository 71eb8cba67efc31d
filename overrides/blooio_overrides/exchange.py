"""How a call ended, and what becomes of it: a result or an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from blooio_client.types import UNSET, Call, Unset

from . import failures
from .answers import result_data, shortcoming
from .failures import Journey
from .outcomes import Answer, Failure, Outcome, is_success
from .results import RawAnswer

if TYPE_CHECKING:
    from .settings import Timeout

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class Options:
    """What a caller may say about a single call."""

    timeout: Timeout | Unset = UNSET
    headers: Mapping[str, str] | None = None


@attrs.frozen(eq=False, repr=False)
class Exchange:
    """How a call ended: its last outcome, and what is known of its attempts."""

    journey: Journey
    outcome: Outcome
    expired: bool
    """Whether there was no time left for another attempt."""

    def answer(self) -> Answer:
        """Return the answer, whatever its status.

        Raises:
            ConnectionFailedError: There is none.
            DeadlineExceededError: There is none in time.
        """
        if isinstance(self.outcome, Failure):
            raise failures.error_of(self.journey, self.outcome, expired=self.expired) from self.outcome.cause
        return self.outcome

    def successful_answer(self) -> Answer:
        """Return the answer if it can be the result.

        Raises:
            BlooioError: It cannot.
        """
        answer = self.answer()
        if not is_success(answer):
            raise failures.error_of(self.journey, answer, expired=self.expired)
        reason = shortcoming(self.journey.call, answer)
        if reason is not None:
            raise failures.unexpected_answer(self.journey, answer, reason)
        return answer

    def result(self, call: Call[T]) -> T:
        """Return the result of a call.

        Raises:
            BlooioError: There is none.
        """
        return call.read(result_data(self.successful_answer()))

    def raw(self) -> RawAnswer:
        """Return the answer as it is."""
        answer = self.answer()
        return RawAnswer.of(answer.status, answer.headers, answer.body)
