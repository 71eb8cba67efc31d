"""Who of many tasks has a connection, and who waits for one."""

from __future__ import annotations

from collections import deque

import anyio


class Places:
    """How many more may have a connection; the others wait their turn."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting = deque[anyio.Event]()

    async def take(self) -> None:
        """Take a place, now or when it is given back."""
        if self._free:
            self._free -= 1
            return
        turn = anyio.Event()
        self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # pragma: no cover - a race: the turn came as the task was cancelled
                self.give_back()
            else:
                self._waiting.remove(turn)
            raise

    def give_back(self) -> None:
        """Give a place to the one that has waited longest, or back."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
