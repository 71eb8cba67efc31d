"""A receiver whose events are handled by procrastinate's workers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from procrastinate import Blueprint

    from ..receiver import Receiver

logger: logging.Logger = logging.getLogger("blooio_client")
EVERY: Final = "* * * * * */3"
"""How often a job checks for due retries and for events of lost workers: every 3 seconds."""


def blueprint(receiver: Receiver) -> tuple[Blueprint, Callable[[], object]]:
    """Return a blueprint, and a function to call after events were stored."""
    try:
        import procrastinate
        from procrastinate.exceptions import AlreadyEnqueued
    except ImportError as error:
        raise ImportError("blueprint() needs procrastinate: pip install 'blooio-client[postgres]'") from error

    made = procrastinate.Blueprint()

    async def drain() -> None:
        # One drain at a time per process, so that `concurrency` limits it, however many jobs there are.
        if not receiver.wake():
            await receiver.adrain()

    # The store keeps the order within a chat and knows what is due. With procrastinate's locks, a job that waits for
    # its retry would hold up later ones. One waiting job is enough for any number of events.
    @made.task(name="handle_webhook_events", queueing_lock="blooio_webhook_events", pass_context=False)
    async def handle() -> None:
        await drain()

    @made.periodic(cron=EVERY)
    @made.task(name="handle_due_webhook_events", queueing_lock="blooio_webhook_events_due")
    async def handle_due(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
        await drain()

    def notify() -> None:
        task: Any = handle
        try:
            task.defer()
        except AlreadyEnqueued:
            return
        except Exception as error:  # noqa: BLE001 - the events are stored, and the periodic job finds them
            logger.warning("a job for webhook events could not be deferred: %s", type(error).__name__)

    return made, notify
