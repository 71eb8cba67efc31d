"""A limit on the number of connections; tasks wait for a free one in order."""

from __future__ import annotations

from collections import deque

import anyio


class Slots:
    """A semaphore: each slot allows one connection, and tasks get free slots in the order in which they asked."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting = deque[anyio.Event]()

    async def acquire(self) -> None:
        """Take a slot; wait if none is free."""
        if self._free:
            self._free -= 1
            return
        turn = anyio.Event()
        self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # pragma: no cover - a race: the slot was granted as the task was cancelled
                self.release()
            else:
                self._waiting.remove(turn)
            raise

    def release(self) -> None:
        """Free a slot: pass it to the task that has waited longest, if any."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
