"""File uploads."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from typing import IO, Any

from blooio_client.types import File

from .._call.request import can_be_rewound


class BrokenUpload(Exception):  # noqa: N818 - its text is the reason of a failure, and it never leaves the client
    """A file changed while it was sent, or does not return bytes."""


class Upload:
    """A file during upload: its size is fixed at the start, and the time starts at its last byte."""

    def __init__(self, file: IO[bytes], on_end: Callable[[], object]) -> None:
        self._file = file
        self._on_end = on_end
        self._left: int | None = None
        self._size: int | None = None
        try:
            self._size = file.seek(0, os.SEEK_END)
        except (AttributeError, OSError, ValueError):
            return  # it is sent in chunks

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Seek to the end or the beginning, the only two that httpx uses."""
        if whence == os.SEEK_END:
            if self._size is None:
                raise io.UnsupportedOperation("the size of this file is unknown")
            return self._size
        if self._size is None and not can_be_rewound(self._file):
            raise io.UnsupportedOperation("this file cannot be rewound")
        self._left = self._size
        return self._file.seek(offset)

    def tell(self) -> int:
        """Return the position, which httpx restores after measuring the size."""
        return 0

    def read(self, size: int = -1) -> bytes:
        """Read the next bytes."""
        chunk: Any = self._file.read(size)
        if not isinstance(chunk, bytes):
            raise BrokenUpload(f"reading the file returned {type(chunk).__name__} instead of bytes")
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0 or (not chunk and self._left):
                raise BrokenUpload("the size of the file changed while it was sent")
        if not chunk:
            self._on_end()
        return chunk


def multipart(files: Mapping[str, File], on_end: Callable[[], object]) -> Mapping[str, Any]:
    """Return the files of a request in the form that httpx takes."""
    parts: dict[str, Any] = {}
    for name, file in files.items():
        content = file.payload if isinstance(file.payload, bytes) else Upload(file.payload, on_end)
        parts[name] = (file.file_name, content, file.mime_type) if file.mime_type else (file.file_name, content)
    return parts
