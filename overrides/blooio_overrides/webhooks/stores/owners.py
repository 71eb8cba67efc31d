"""The processes that own claimed events: which one this is, and which have ended."""

from __future__ import annotations

import os
import time
import uuid
from functools import cache
from pathlib import Path
from typing import Final

_PROC = Path("/proc")
_BOOT_TIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)
_START_TIME: Final = 19
"""The index of the start time in /proc/PID/stat, counted after the name (proc(5))."""


def this_process() -> str:
    """Return a name for this process that is unique for all time."""
    return _named(os.getpid())


@cache
def _named(pid: int) -> str:
    # Process ids are reused, in a container even at each start, and two containers may share a host name.
    return " ".join((boot() or "-", _namespace(), str(pid), _started(pid), uuid.uuid4().hex))


def is_gone(owner: str) -> bool:
    """Return whether a process has certainly ended; one that is not visible from here ends with its lease."""
    of_boot, namespace, pid, started, _ = owner.split(" ")
    if owner == this_process():
        return False
    if of_boot != (boot() or "-"):
        return True
    if namespace != _namespace() or os.name != "posix":
        return False
    return int(pid) == os.getpid() or not _is_running(int(pid)) or _started(int(pid)) != started


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@cache
def boot() -> str:
    """Return an id of the current boot; empty if the system has none."""
    return _read("sys/kernel/random/boot_id").strip()


def since_boot() -> float:
    """Return seconds of a clock that is never set and that all processes of a machine share."""
    # The monotonic clock stops while a machine sleeps; CLOCK_BOOTTIME does not.
    return time.clock_gettime(_BOOT_TIME) if _BOOT_TIME is not None else time.monotonic()


def _namespace() -> str:
    try:
        return str((_PROC / "self/ns/pid").readlink())
    except OSError:  # systems without /proc
        return "-"


def _started(pid: int) -> str:
    fields = _read(f"{pid}/stat").rpartition(")")[2].split()
    return fields[_START_TIME] if len(fields) > _START_TIME else "-"


def _read(path: str) -> str:
    try:
        return (_PROC / path).read_text("utf-8", "replace")
    except OSError:  # systems without /proc, and processes that have just ended
        return ""


def file_id(path: Path) -> tuple[int, int] | None:
    """Return the identity of the file at a path; None if it does not exist."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
