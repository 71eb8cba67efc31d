"""Outcomes of attempts that got no response."""

from typing import Final

from blooio_overrides._call.outcome import Failure

NOT_SENT: Final = Failure("the connection failed", sent=False, timed_out=False)
NO_CONNECTION_IN_TIME: Final = Failure("connecting took too long", sent=False, timed_out=True)
BROKEN: Final = Failure("the connection broke", sent=None, timed_out=False)
SLOW: Final = Failure("the response took too long", sent=None, timed_out=True)
