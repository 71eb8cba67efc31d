"""Errors of the outbox."""

from __future__ import annotations

from blooio_client import BlooioError, InvalidArgumentError


class OutboxError(BlooioError):
    """The outbox cannot carry out a call; no message was sent."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, sent=False)


class OutboxRowError(InvalidArgumentError):
    """A row is invalid; nothing of its batch was added."""

    def __init__(self, text: str = "", *, row: int | None = None) -> None:
        super().__init__(text)
        self.row = row
        """The position of the row, starting at 0."""

    def __reduce__(self) -> tuple[type[OutboxRowError], tuple[str], dict[str, object]]:
        return type(self), (str(self),), self.__dict__


class OutboxConflictError(OutboxRowError):
    """The key is already in the outbox with another recipient, number, text or format."""


class OutboxStoppedError(OutboxError):
    """Blooio rejected the API key, or the plan does not cover messages, so no message can be sent."""


class OutboxVersionError(OutboxError):
    """The tables are missing, or have another version than this release needs."""


class MissingExtraError(OutboxError, ImportError):
    """A package that the outbox needs is not installed."""
