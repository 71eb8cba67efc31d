"""Keep child processes from sharing open connections with their parent."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """An object that holds connections."""

    def reset_after_fork(self) -> None:
        """Forget the parent's connections."""
        ...


_holders: WeakSet[Forkable] = WeakSet()


def reset_after_forks(holder: Forkable) -> None:
    """Call `reset_after_fork` in every child process."""
    _holders.add(holder)


def _in_child() -> None:
    for holder in list(_holders):
        holder.reset_after_fork()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=_in_child)
