"""Log failures: where they happened, and nothing about the events."""

from __future__ import annotations

import logging
import sysconfig
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .work import RunningEvent

logger: logging.Logger = logging.getLogger("blooio_client")


def log_store_failure(error: BaseException) -> None:
    """Log that a store failed, and SQLite's or the system's name of the reason, without the error's text.

    The text may show stored data.
    """
    reasons = (getattr(error, name, None) for name in ("sqlite_errorname", "strerror"))
    logger.error("the store of webhook events failed: %s", ", ".join(filter(None, [type(error).__name__, *reasons])))


def log_incomplete_body() -> None:
    """Log that a delivery broke off."""
    logger.warning("a webhook delivery was rejected: its body is incomplete, since the client has disconnected")


def log_handler_failure(hand: RunningEvent, error: BaseException) -> None:
    """Log that a handler failed, and where; without the event's contents or the error's text."""
    frame = _users_frame(error)
    logger.error(
        "handler %s of %s failed in chat %s: %s in %s, line %s",
        *(hand.handler, hand.type, hand.chat, type(error).__name__, frame.filename, frame.lineno),
    )


def _users_frame(error: BaseException) -> traceback.FrameSummary:
    """Return the last frame of the user's own code, or the last one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(_FOREIGN)]
    return (own or frames)[-1]


def _foreign_paths(paths: Mapping[str, str]) -> tuple[str, ...]:
    here = str(Path(__file__).parent.parent)
    return (here, *(paths[name] for name in ("stdlib", "purelib", "platlib")), "<")


_FOREIGN: Final = _foreign_paths(sysconfig.get_paths())
