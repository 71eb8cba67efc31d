"""The body of a response: decompressed as it comes, and never more of it than a response can need."""

from __future__ import annotations

import zlib
from typing import Final

LARGEST: Final = 64 * 1024 * 1024
"""Bytes, decompressed, beyond which nothing more is read; what was cut is no JSON any more."""

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

    def add(self, chunk: bytes) -> None:
        """Take what came."""
        plain = self._decompressed(chunk)
        self._chunks.append(plain)
        self._size += len(plain)

    def _decompressed(self, chunk: bytes) -> bytes:
        if self._decompressor is None:
            return chunk
        try:
            return self._decompressor.decompress(chunk, LARGEST - self._size + 1)
        except zlib.error:
            return self._bare(chunk)

    def _bare(self, chunk: bytes) -> bytes:
        """Read "deflate" as some servers mean it, without a header; keep anything else that is unreadable."""
        is_first, self._may_be_bare = self._may_be_bare and not self._size, False
        self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS) if is_first else None
        return self._decompressed(chunk)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is to be read."""
        return self._size > LARGEST

    def content(self) -> bytes:
        """All that came."""
        return b"".join(self._chunks)
