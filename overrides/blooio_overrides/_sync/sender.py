# Derived from ../_async/sender.py by `make derive`. Do not edit.
"""Send a call: attempt, decide, back off, attempt again."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from blooio_client.types import Call, Unset

from .._call import retries
from .._call.exchange import Exchange, Options
from .._call.failures import CallState
from .._call.operations import Repeat
from .._call.outcome import Failure, Outcome, is_success
from .._call.request import Request, request_of
from .._call.retries import Deadline
from .._call.settings import KeySource, Settings, checked_timeout, current_key
from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from .._io.synchronous import Connections

T = TypeVar("T")

logger = logging.getLogger("blooio_client")


class Sender:
    """Sends the calls of every resource of a client."""

    def __init__(self, settings: Settings, connections: Connections) -> None:
        self.settings = settings
        self.connections = connections

    def call(self, call: Call[T], options: Options) -> T:
        """Send a call, and return its result."""
        return (self.exchange(call, options)).result(call)

    def exchange(self, call: Call[Any], options: Options) -> Exchange:
        """Send a call, and retry it where that is safe, until it has a response or runs out of time."""
        self.connections.check()
        request = request_of(call, self.settings, options.headers)
        state = CallState(
            call,
            request.repeat,
            request.idempotency_key,
            request.has_own_key,
            api_key=self.settings.secret,
            headers=request.headers.reveal,
        )
        source, attempt = self.settings.api_key, request
        if isinstance(source, KeySource):
            attempt, state = self._with_key(source, request, state)
        timeout = self.settings.timeout if isinstance(options.timeout, Unset) else checked_timeout(options.timeout)
        deadline = Deadline(timeout, self.settings.max_retries)
        while True:
            began = time.monotonic()
            outcome = self.connections.attempt(attempt, deadline, once=state.repeat is Repeat.ONCE)
            if logger.isEnabledFor(logging.DEBUG):
                _log(state, outcome, time.monotonic() - began)
            if is_success(outcome):
                return Exchange(state, outcome, expired=False)
            pause = retries.pause_after(outcome, state.attempts, random.random)
            expired = not retries.fits(pause, deadline.left_to_begin())
            if expired or not self._may_retry(request, state, outcome):
                return Exchange(state, outcome, expired)
            self.connections.sleep(pause)
            if state.repeat is Repeat.KEYED and not state.is_protected and state.sent(outcome) is None:
                return Exchange(state, outcome, expired=False)  # the machine slept for hours meanwhile
            following = state.after(outcome)
            try:
                if isinstance(source, KeySource):
                    attempt, following = self._with_key(source, request, following)
            except Exception as error:  # noqa: BLE001 - the outcome of what was sent matters more than this error
                logger.warning("no API key for a retry: the api_key function raised %s", type(error).__name__)
                return Exchange(state, outcome, expired=False)
            state = following

    def _with_key(self, source: KeySource, request: Request, state: CallState) -> tuple[Request, CallState]:
        """Return the request for the next attempt, with the current key if the API key is a function."""
        try:
            key = current_key(source())
        except InvalidArgumentError as error:
            error.operation = state.call.operation or None  # unlike errors about the arguments of the call
            raise
        return request.with_key(key), attrs.evolve(state, api_key=key)

    def _may_retry(self, request: Request, state: CallState, outcome: Outcome) -> bool:
        return (
            state.attempts <= self.settings.max_retries
            and request.is_repeatable
            and retries.may_repeat(state.repeat, outcome, uncertain=state.uncertain)
        )


def _log(state: CallState, outcome: Outcome, seconds: float) -> None:
    seen = outcome.reason if isinstance(outcome, Failure) else outcome.status
    logger.debug("%s: %s, attempt %d, %.0f ms", state.name, seen, state.attempts, seconds * 1000)
