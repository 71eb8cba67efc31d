"""Keep child processes from sharing connections and threads with their parent."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

_resets: WeakKeyDictionary[object, Callable[[Any], None]] = WeakKeyDictionary()


def after_fork(reset: Callable[[], None]) -> None:
    """Call a bound method in every child process, as long as its object is alive; one method for each object."""
    method: Any = reset
    _resets[method.__self__] = method.__func__


def _in_child() -> None:
    for holder, reset in list(_resets.items()):
        reset(holder)


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=_in_child)
