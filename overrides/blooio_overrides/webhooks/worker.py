"""A thread that has events handled, for programs that have no event loop."""

from __future__ import annotations

import threading

from .work import CHECK_EVERY, Work, tell_of_store


class Worker:
    """Handles one event after another, and waits for the next one."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._woken = threading.Event()
        self._is_ending = False
        # It must not keep the process from ending: what it has in hand then is noted, and taken up again.
        self._thread = threading.Thread(target=self._run, name="blooio-webhooks", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Let it look for events now."""
        self._woken.set()

    def stop(self) -> None:
        """Let it end when the event in its hands is handled, and wait for that."""
        self._is_ending = True
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_ending:
            # Cleared before it looks: what is noted while it looks wakes it once more.
            self._woken.clear()
            if not self._has_done_something():
                self._woken.wait(CHECK_EVERY)

    def _has_done_something(self) -> bool:
        try:
            return self._work.do_next() is not None
        except BaseException as error:  # noqa: BLE001 - a store that fails now may work later; a handler ends no thread
            tell_of_store(error)
            return False
