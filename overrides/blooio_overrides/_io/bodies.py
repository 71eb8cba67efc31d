"""The bodies of requests and responses: files as they are sent, and responses that are decompressed as they come."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, Final

from .._call.request import Request

LARGEST: Final = 64 * 1024 * 1024
"""Bytes, decompressed, beyond which nothing more is read; what was cut is not JSON any more."""

_WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class Body:
    """The body of a response, while it comes.

    The client decompresses by itself, and bounded: a few kilobytes can be made to swell to any size.
    """

    def __init__(self, encoding: str) -> None:
        window = _WINDOWS.get(encoding.strip().lower())
        self._decompressor = None if window is None else zlib.decompressobj(window)
        self._may_be_bare = window == zlib.MAX_WBITS
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> bool:
        """Take what came; return whether nothing more is to be read."""
        plain = chunk if self._decompressor is None else self._decompressed(chunk)
        self._chunks.append(plain)
        self._size += len(plain)
        return self._size > LARGEST

    def _decompressed(self, chunk: bytes) -> bytes:
        if self._decompressor is None:
            return chunk
        try:
            return self._decompressor.decompress(chunk, LARGEST - self._size + 1)
        except zlib.error:
            # Some servers send "deflate" without its header; anything else that is unreadable is kept as it came.
            is_first, self._may_be_bare = self._may_be_bare and not self._size, False
            self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS) if is_first else None
            return self._decompressed(chunk)

    def content(self) -> bytes:
        """Return all that came."""
        return b"".join(self._chunks)


class BrokenUpload(Exception):  # noqa: N818 - what it says is the reason of a failure, and it never leaves the client
    """A file changed while it was sent, or gives no bytes."""


class Upload:
    """A file as it is sent: as long as it was at the beginning, and the time runs from its last byte on."""

    def __init__(self, file: IO[bytes], on_end: Callable[[], None]) -> None:
        self._file = file
        self._on_end = on_end
        self._left: int | None = None
        self._size: int | None = None
        try:
            self._size = file.seek(0, os.SEEK_END)
        except (AttributeError, OSError, ValueError):
            return  # it is sent in chunks

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Tell httpx the size, or go to the beginning; it asks for nothing else."""
        if self._size is None:
            raise io.UnsupportedOperation("the size of this file is unknown")
        if whence == os.SEEK_END:
            return self._size
        self._left = self._size
        return self._file.seek(offset)

    def tell(self) -> int:
        """Return where httpx has to come back to when it asked for the size."""
        return 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        chunk: Any = self._file.read(size)
        if not isinstance(chunk, bytes):
            raise BrokenUpload(f"reading the file gave {type(chunk).__name__} instead of bytes")
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0 or (not chunk and self._left):
                raise BrokenUpload("the size of the file changed while it was sent")
        if not chunk:
            self._on_end()
        return chunk


def multipart(request: Request, on_end: Callable[[], None]) -> Mapping[str, Any] | None:
    """Return the files of a request in the form that httpx takes."""
    if request.files is None:
        return None
    parts: dict[str, Any] = {}
    for name, file in request.files.items():
        content = file.payload if isinstance(file.payload, bytes) else Upload(file.payload, on_end)
        parts[name] = (file.file_name, content, file.mime_type) if file.mime_type else (file.file_name, content)
    return parts
