"""Exit codes, and how they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from blooio_client import BlooioError

DONE: Final = 0
NOT_DONE: Final = 1
USAGE: Final = 2
UNKNOWN: Final = 3
SENT_BUT: Final = 4
INTERRUPTED: Final = 130

MEANINGS: Final = {
    DONE: "Done.",
    NOT_DONE: "Not done: nothing was changed or sent.",
    USAGE: "Usage: an option or argument is wrong, or no API key was found.",
    UNKNOWN: "Outcome unknown: it may have been done. stderr says how to retry safely.",
    SENT_BUT: "Sent, but the message failed, `--wait` timed out, or the result could not be read or printed.",
    INTERRUPTED: "Interrupted by Ctrl-C. stderr says what was sent.",
}
KEY_OPTION: Final = "--idempotency-key "
_READS: Final = ("get", "list", "lookup", "batchLookup")


class Failure(Exception):  # noqa: N818 - not every one is an error: a declined question is one
    """Ends a command with a message on stderr and an exit code."""

    def __init__(self, text: str, exit_code: int, details: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.details = details or {}
        """What else `--json` prints."""


def failure_of(error: BlooioError, key_option: str = KEY_OPTION) -> Failure:
    """Convert an error of the client to the failure of a command.

    Args:
        error: The error.
        key_option: How the command takes an idempotency key.
    """
    code = code_of(error)
    text = str(error) or type(error).__name__
    message = getattr(error, "message", None)
    if message and message not in text:  # it repeats what was typed here; a log must not contain it
        text += f"\nerror.message: {message}"
    if code == UNKNOWN:
        text += "\n" + retry_advice(error.idempotency_key, key_option)
    details = {
        "kind": type(error).__name__,
        "sent": error.sent,
        "idempotency_key": error.idempotency_key,
        "operation": error.operation,
        "status": getattr(error, "status", None),
        "code": getattr(error, "code", None),
    }
    return Failure(text, code, details)


def code_of(error: BlooioError) -> int:
    """Return the exit code for an error of the client; for reads, it does not matter whether they were carried out."""
    from blooio_client import InvalidArgumentError, MessageFailedError

    if isinstance(error, InvalidArgumentError):
        return USAGE
    if isinstance(error, MessageFailedError):
        return SENT_BUT
    if error.sent is False or (error.operation or "").startswith(_READS):
        return NOT_DONE
    return SENT_BUT if error.sent else UNKNOWN


def retry_advice(key: str | None, key_option: str = KEY_OPTION) -> str:
    """Return how to retry an operation with an unknown outcome."""
    if key is None:
        return "The outcome is unknown. Check before you run it again: a retry may do it twice."
    return f"The outcome is unknown. Retry with the same key, so that it cannot be sent twice:\n  {key_option}{key}"
