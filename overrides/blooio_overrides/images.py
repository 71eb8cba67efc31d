"""Which kind of image a file is, told by its first bytes and not by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
GIF: Final = "image/gif"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
HEIF: Final = "image/heif"

HEAD: Final = 16
"""How many bytes tell the kind."""

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {JPEG: ".jpg", PNG: ".png", GIF: ".gif", WEBP: ".webp", HEIC: ".heic", HEIF: ".heif"}
)
_BEGINNINGS: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF))
# The brands of ISO/IEC 23008-12: those of a codec, and those that leave the codec open.
_OF_HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
_OF_HEIF: Final = (b"mif1", b"msf1", b"heif")


def image_type(head: bytes) -> str | None:
    """Return the content type of an image that begins with these bytes; None where it is no kind that is known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return HEIC if brand in _OF_HEIC else HEIF if brand in _OF_HEIF else None
    return next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), None)
