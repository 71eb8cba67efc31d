"""A limit on the number of connections, with a queue of tasks that wait for one."""

from __future__ import annotations

from collections import deque

import anyio


class Places:
    """The number of free connections; tasks wait in order for the next one."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting = deque[anyio.Event]()

    async def take(self) -> None:
        """Take a place, and wait for one if none is free."""
        if self._free:
            self._free -= 1
            return
        turn = anyio.Event()
        self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # pragma: no cover - a race: the place was granted as the task was cancelled
                self.give_back()
            else:
                self._waiting.remove(turn)
            raise

    def give_back(self) -> None:
        """Pass a place to the task that has waited longest, if any."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
