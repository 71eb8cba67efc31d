"""Errors of the outbox."""

from __future__ import annotations

from blooio_client import BlooioError, InvalidArgumentError


class OutboxError(BlooioError):
    """The outbox cannot do what was asked; no message was sent."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, sent=False)


class OutboxRowError(InvalidArgumentError):
    """A row cannot be added; nothing of its batch was."""

    def __init__(self, text: str = "", *, row: int | None = None) -> None:
        super().__init__(text)
        self.row = row
        """The position of the row among those given, from 0."""

    def __reduce__(self) -> tuple[type[OutboxRowError], tuple[str], dict[str, object]]:
        return type(self), (str(self),), self.__dict__


class OutboxConflictError(OutboxRowError):
    """The key is in the outbox already, with another recipient, number or text."""


class OutboxStoppedError(OutboxError):
    """The service refuses the API key, or the plan does not pay for messages: no message would go out."""


class OutboxVersionError(OutboxError):
    """The tables are missing, or do not have the version that this release works with."""


class MissingExtraError(OutboxError, ImportError):
    """A package that the outbox needs is not installed."""
