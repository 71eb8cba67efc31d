"""Keys of sends with an unknown outcome, so that running the command again retries instead of sending twice.

The key is on disk before the request leaves and is deleted once the outcome is known. The file holds the key and the
time; its name is a keyed hash of the message, which reveals nothing without the API key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

RETRY_WINDOW: Final = 20 * 3600
"""Seconds for which Blooio certainly remembers a key; reportedly 24 hours, which is not documented."""
_SLOTS: Final = 1_000


@dataclass
class Attempt:
    """One send."""

    key: str
    earlier: float | None = None
    """The time of the attempt with an unknown outcome that this one retries, if any."""
    is_settled: bool = False
    """Whether the outcome is known, so the key need not be kept."""


def new_key() -> str:
    """Return a new, unique key."""
    return str(uuid.uuid4())


def identity(api_key: str, *parts: object) -> str:
    """Return the identity of a message, which lets a second run of the command recognize it."""
    return hmac.new(api_key.encode(), json.dumps(parts, default=str).encode(), hashlib.sha256).hexdigest()[:32]


@contextmanager
def remembered(folder: Path, name: str) -> Generator[Attempt]:
    """Yield an attempt to send a message; its key is remembered unless the outcome is known at the end."""
    found = _slot(folder, name)
    if found is None:  # the folder is not writable, as in a read-only container
        yield Attempt(new_key())
        return
    path, file = found
    with file:
        attempt = _begun(file)
        try:
            yield attempt
        finally:
            if attempt.is_settled:
                _forget(path, file)


def _forget(path: Path, file: IO[str]) -> None:
    """Delete a key that is no longer needed; the file is emptied first, in case another process has it open."""
    file.seek(0)
    file.truncate()
    if sys.platform == "win32":  # an open file cannot be deleted
        file.close()
    with suppress(PermissionError):
        path.unlink(missing_ok=True)


def _slot(folder: Path, name: str) -> tuple[Path, IO[str]] | None:
    """Open and lock a file for one send: first one that is there, since its outcome is unknown.

    A locked file belongs to a concurrent send of the same text, which is another message: use the next file.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = sorted(folder.glob(f"{name}.*"))
        for path in [*known, *(folder / f"{name}.{number}" for number in range(_SLOTS))]:
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
            if _is_locked(file) and _is_at(path, file):
                return path, file
            file.close()
    except OSError:
        pass
    return None


def _is_locked(file: IO[str]) -> bool:
    """Try to lock a file, and return whether that worked; the system unlocks it when the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(path: Path, file: IO[str]) -> bool:
    """Return whether a file still has its name, since another process may have deleted it after it was opened here."""
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def _begun(file: IO[str]) -> Attempt:
    found = _read(file)
    if found and time.time() - found["at"] < RETRY_WINDOW:
        return Attempt(found["key"], earlier=found["at"])
    attempt = Attempt(new_key())
    file.seek(0)
    file.truncate()
    json.dump({"key": attempt.key, "at": time.time()}, file)
    file.flush()
    os.fsync(file.fileno())
    return attempt


def _read(file: IO[str]) -> dict[str, Any] | None:
    try:
        found = json.load(file)
        return {"key": str(found["key"]), "at": float(found["at"])}
    except (ValueError, KeyError, TypeError):  # new, or truncated while it was written: then nothing was sent
        return None
