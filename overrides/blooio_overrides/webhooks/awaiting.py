"""Having events handled in an event loop; plain handlers, and the store, run in threads, where they may block."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread

from .events import Event
from .work import CHECK_EVERY, Handler, Job, Work, tell_of_store


async def drain(work: Work) -> int:
    """Have every event handled that is noted and due, and return how many were."""
    handled = 0
    while (job := await anyio.to_thread.run_sync(work.take)) is not None:
        handled += await _handle(work, job)
    return handled


async def _handle(work: Work, job: Job) -> bool:
    try:
        for handler in job.handlers:
            await _call(handler, job.event)
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(work.give_back, job, error)
        if not isinstance(error, Exception):
            raise
        return False
    with anyio.CancelScope(shield=True):
        await anyio.to_thread.run_sync(work.finish, job)
    return True


async def _call(handler: Handler, event: Event) -> None:
    is_async = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)
    result = handler(event) if is_async else await anyio.to_thread.run_sync(handler, event)
    if inspect.isawaitable(result):
        await result


async def drain_quietly(work: Work) -> None:
    """Have events handled, and log it if the store fails."""
    try:
        await drain(work)
    except Exception as error:  # noqa: BLE001 - a store that fails now may work later
        tell_of_store(error)


@asynccontextmanager
async def running(work: Work) -> AsyncGenerator[None]:
    """Have events handled while a block runs."""
    failure: Exception | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(_keep_draining, work)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised below, where no group wraps it
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure


async def _keep_draining(work: Work) -> None:
    while True:
        await drain_quietly(work)
        await anyio.sleep(CHECK_EVERY)
