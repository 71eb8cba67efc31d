"""Open files for upload, and recognize images by their first bytes."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from inspect import iscoroutinefunction
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, cast

import attrs

from blooio_client.types import File

from .._call import request as request_lines
from ..arguments import reject

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
GIF: Final = "image/gif"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
HEIF: Final = "image/heif"

HEAD: Final = 64
"""The number of bytes that identify an image, including the brands of a HEIC image."""

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {JPEG: ".jpg", PNG: ".png", GIF: ".gif", WEBP: ".webp", HEIC: ".heic", HEIF: ".heif"}
)
_BEGINNINGS: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF))
# The brands of ISO/IEC 23008-12: those of HEVC, and those that leave the codec open.
_OF_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_OF_HEIF: Final = frozenset({b"mif1", b"msf1", b"heif"})
_OF_AVIF: Final = frozenset({b"avif", b"avis"})


def image_type(head: bytes) -> str | None:
    """Return the content type of an image that starts with these bytes; None if the type is unknown."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _type_by_brands(head)
    return next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), None)


def _type_by_brands(head: bytes) -> str | None:
    """Return the type of an ISO media file: a main brand, a version, then the brands it is compatible with.

    iPhones write `mif1` first and `heic` after it; AVIF images, too, can have `mif1` first and `avif` after it.
    """
    end = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[start : start + 4] for start in range(16, end, 4))}
    if brands & _OF_AVIF:
        return None
    return HEIC if brands & _OF_HEIC else HEIF if brands & _OF_HEIF else None


if TYPE_CHECKING:
    FileContent = str | os.PathLike[str] | bytes | IO[bytes]
    """A path, bytes, or a file opened in binary mode."""

_HINT: Final = "expected a path, bytes, or a file opened with open(path, 'rb')"
_MEGABYTE: Final = 1024 * 1024


@attrs.frozen
class Requirements:
    """The requirements of a file."""

    kinds: frozenset[str] | None = None
    """The accepted content types; None accepts any."""
    described: str = "any file"
    most: int | None = None
    """The largest size in bytes; None accepts any."""


ICON: Final = Requirements()
BACKGROUND: Final = Requirements(frozenset(SUFFIXES), "a JPEG, PNG, GIF, WebP or HEIC image", 10 * _MEGABYTE)
AVATAR: Final = Requirements(frozenset({JPEG, PNG}), "a JPEG or PNG image")


@contextmanager
def opened(content: object, name: str, requirements: Requirements) -> Generator[File]:
    """Open a file for upload.

    A path is opened now and closed at the end; an open file stays open. It is sent from its beginning,
    whatever its position; a file that cannot be rewound is sent from its position.

    Args:
        content: A path, bytes, or an open binary file.
        name: The name of the argument.
        requirements: The requirements of the file.

    Raises:
        InvalidArgumentError: The file does not exist, cannot be read, or does not meet the requirements.
    """
    if isinstance(content, str | os.PathLike):
        path = Path(os.fsdecode(cast("str | os.PathLike[str]", content)))
        with _at(path, name) as file:
            yield _checked(_Source(file, name), path.name, name, requirements)
    elif isinstance(content, bytes | bytearray):
        yield _checked(_Source(io.BytesIO(content), name), "", name, requirements)
    else:
        yield _checked(_Source(_readable(content, name), name), _name_of(content), name, requirements)


def encoded_image(content: object, name: str, requirements: Requirements) -> str:
    """Return a file as base64.

    Raises:
        InvalidArgumentError: The file does not exist, cannot be read, or does not meet the requirements.
    """
    with opened(content, name, requirements) as file:
        payload = cast("IO[bytes]", file.payload)
        return base64.b64encode(payload.read()).decode()


def _at(path: Path, name: str) -> IO[bytes]:
    try:
        if path.is_file():  # anything else could block or never end
            return path.open("rb")
    except OSError as error:
        reject(f"{name} is a path that cannot be read ({type(error).__name__}); {_HINT}")
    if str(path).lower().startswith(("http:", "https:")):
        reject(f"{name} is a URL, but Blooio needs the file itself, so download it first; {_HINT}")
    return reject(f"{name} is not the path of an existing file; {_HINT}")


def _readable(file: object, name: str) -> IO[bytes]:
    read = getattr(file, "read", None)
    if not callable(read):
        reject(f"{name} is {type(file).__name__}; {_HINT}")
    if iscoroutinefunction(read):
        reject(f"{name} is a file whose read() must be awaited; {_HINT}")
    if getattr(file, "closed", False):
        reject(f"{name} is a closed file; {_HINT}")
    return cast("IO[bytes]", file)


def _name_of(file: object) -> str:
    name = getattr(file, "name", None)
    is_real = isinstance(name, str) and not name.startswith("<")  # a pipe has a number, or "<stdin>"
    return Path(str(name)).name if is_real else ""


def _checked(source: _Source, file_name: str, name: str, requirements: Requirements) -> File:
    kind = image_type(source.head)
    if not source.head:
        reject(f"{name} is empty; expected {requirements.described}")
    if requirements.kinds is not None and kind not in requirements.kinds:
        reject(f"{name} is not {requirements.described}, according to its content; convert it first")
    if requirements.most is not None and (source.size or 0) > requirements.most:
        reject(f"{name} is larger than {requirements.most // _MEGABYTE} MB; expected a smaller file")
    # File systems allow names with invalid Unicode or line breaks, which cannot be sent.
    told = request_lines.file_name(file_name) or f"{name}{SUFFIXES.get(kind or '', '')}"
    return File(cast("IO[bytes]", source), told, kind or _type_by_name(told))


def _type_by_name(file_name: str) -> str:
    from mimetypes import guess_type  # rare, and it reads the system's MIME tables

    return guess_type(file_name)[0] or "application/octet-stream"


class _Source:
    """A file that is read from its beginning each time, and whose first bytes are known."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._can_seek = _attempted(lambda: file.seekable() and file.seek(0) == 0) is True
        self.head = _first_bytes(file, name)
        self.size = self._measured() if self._can_seek else None
        # If the file cannot be rewound, the bytes already read go before the rest.
        self._given = self.head
        if self._can_seek:
            self.seek(0)

    def _measured(self) -> int | None:
        # Some files, such as compressed ones, can be rewound but cannot tell where they end.
        return _attempted(lambda: self._file.seek(0, os.SEEK_END))

    def seekable(self) -> bool:
        return self._can_seek

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if not self._can_seek or (whence == os.SEEK_END and self.size is None):
            raise io.UnsupportedOperation("this file cannot be rewound")
        self._given = b""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        given, self._given = self._given, b""
        if size < 0:
            return given + self._file.read()
        return given or self._file.read(size)  # httpx asks for far more than the first bytes


def _first_bytes(file: IO[bytes], name: str) -> bytes:
    head = b""
    while len(head) < HEAD and (more := _read(file, HEAD - len(head), name)):
        head += more
    return head


def _read(file: IO[bytes], size: int, name: str) -> bytes:
    try:
        data: Any = file.read(size)
    except (OSError, TypeError, ValueError) as error:  # the read() of an HTTP response takes no size
        reject(f"{name} is a file that cannot be read ({type(error).__name__}); {_HINT}")
    if not isinstance(data, bytes):
        reject(f"{name} is a file that returns {type(data).__name__} instead of bytes; open it with 'rb'")
    return data


def _attempted(what: Callable[[], int]) -> int | None:
    try:
        return what()
    except (AttributeError, OSError, ValueError):
        return None
