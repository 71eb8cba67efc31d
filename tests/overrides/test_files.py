"""File uploads."""

from __future__ import annotations

import base64
import codecs
import gzip
import io
import os
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, cast

import anyio
import httpx
import pytest

from blooio_client.types import File
from blooio_overrides._rules.files import AVATAR, BACKGROUND, ICON, Requirements, encoded_image, opened
from blooio_overrides.errors import InvalidArgumentError

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def content_of(file: File) -> bytes:
    """Read a file in chunks, as an upload does."""
    payload = cast("IO[bytes]", file.payload)
    return b"".join(iter(lambda: payload.read(100), b""))


def sent_twice(file: File) -> list[bytes]:
    """Read a file as an upload and its retry do."""
    first = content_of(file)
    cast("IO[bytes]", file.payload).seek(0)
    return [first, content_of(file)]


@pytest.mark.parametrize("form", [str, Path, os.fsencode])
def test_a_path_is_open_while_it_is_sent(tmp_path: Path, form: Any) -> None:
    """A file at a path is read in chunks, can be read again, and is closed at the end, even if sending raises."""
    path = tmp_path / "a b.png"
    path.write_bytes(PNG)

    def fail() -> None:
        with opened(FsPath(path) if form is os.fsencode else form(path), "icon", ICON) as file:
            sent.append(file)
            assert sent_twice(file) == [PNG, PNG]
            raise ConnectionError

    sent: list[File] = []
    with pytest.raises(ConnectionError):
        fail()

    assert (sent[0].file_name, sent[0].mime_type) == ("a b.png", "image/png")
    with pytest.raises(ValueError, match="closed"):
        content_of(sent[0])


class FsPath:
    """A path-like object in bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> bytes:
        """Return the path."""
        return os.fsencode(self._path)


def test_bytes_are_named_by_their_content() -> None:
    """A file without a name gets the argument's name, with the suffix of its type."""
    with opened(PNG, "icon", ICON) as file:
        assert (file.file_name, file.mime_type, content_of(file)) == ("icon.png", "image/png", PNG)
    with opened(bytearray(b"something else"), "icon", ICON) as file:
        assert (file.file_name, file.mime_type) == ("icon", "application/octet-stream")


def test_the_name_determines_a_type_that_the_content_does_not(tmp_path: Path) -> None:
    """The name determines the type only if the content does not."""
    drawing = tmp_path / "drawing.svg"
    drawing.write_bytes(b"<svg/>")
    misnamed = tmp_path / "misnamed.svg"
    misnamed.write_bytes(PNG)

    with opened(drawing, "icon", ICON) as one, opened(misnamed, "icon", ICON) as other:
        assert (one.mime_type, other.mime_type) == ("image/svg+xml", "image/png")


def test_an_open_file_stays_open_and_is_sent_from_its_beginning(tmp_path: Path) -> None:
    """The position of an open file does not matter, and folders are stripped from its name."""
    path = tmp_path / "picture.png"
    path.write_bytes(PNG)

    with path.open("rb") as picture:
        picture.seek(4)
        with opened(picture, "icon", ICON) as file:
            assert (file.file_name, sent_twice(file)) == ("picture.png", [PNG, PNG])
        assert not picture.closed


def test_temporary_files_are_accepted() -> None:
    """Spooled and named temporary files can be sent."""
    with tempfile.SpooledTemporaryFile() as spooled, tempfile.NamedTemporaryFile(suffix=".png") as named:
        for temporary in (spooled, named):
            temporary.write(PNG)
            with opened(temporary, "icon", ICON) as file:
                assert sent_twice(file) == [PNG, PNG]
        with opened(spooled, "icon", ICON) as file:
            assert file.file_name == "icon.png"


def test_a_compressed_file_is_sent_decompressed(tmp_path: Path) -> None:
    """The length of a compressed file is that of its decompressed content."""
    packed = tmp_path / "picture.png.gz"
    with gzip.open(packed, "wb") as out:
        out.write(PNG)
    archive = tmp_path / "pictures.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("picture.png", PNG)

    with gzip.open(packed) as unpacked, opened(unpacked, "icon", ICON) as file:
        assert not hasattr(file.payload, "fileno")
        assert cast("IO[bytes]", file.payload).seek(0, os.SEEK_END) == len(PNG)
        cast("IO[bytes]", file.payload).seek(0)
        assert sent_twice(file) == [PNG, PNG]
    with zipfile.ZipFile(archive) as pictures, pictures.open("picture.png") as inner, opened(inner, "i", ICON) as file:
        assert sent_twice(file) == [PNG, PNG]


class Endless:
    """A file that can be rewound but whose length is unknown."""

    def __init__(self) -> None:
        self._file = io.BytesIO(PNG)

    def read(self, size: int = -1) -> bytes:
        """Read from the file."""
        return self._file.read(size)

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position, but not relative to the end."""
        if whence == os.SEEK_END:
            raise ValueError("the end is not known")
        return self._file.seek(offset)


def test_a_file_without_a_known_end_is_sent_in_chunks() -> None:
    """A file of unknown length is sent in chunks, and can be sent again."""
    with opened(Endless(), "background", BACKGROUND) as file:
        payload = cast("IO[bytes]", file.payload)
        assert payload.seekable()
        with pytest.raises(io.UnsupportedOperation):
            payload.seek(0, os.SEEK_END)
        assert sent_twice(file) == [PNG, PNG]


def pipe_with(content: bytes) -> IO[bytes]:
    """Return the reading end of a pipe with this content."""
    out, into = os.pipe()
    with os.fdopen(into, "wb") as writer:
        writer.write(content)
    return os.fdopen(out, "rb", buffering=0)


def test_a_pipe_is_sent_once() -> None:
    """A pipe cannot be rewound, and the bytes read to detect its type are still sent."""
    with pipe_with(PNG) as pipe, opened(pipe, "background", BACKGROUND) as file:
        payload = cast("IO[bytes]", file.payload)
        assert not payload.seekable()
        with pytest.raises(io.UnsupportedOperation):
            payload.seek(0)
        with pytest.raises(OSError, match="Illegal seek"):
            payload.tell()
        assert (file.file_name, content_of(file)) == ("background.png", PNG)
    with pipe_with(PNG) as pipe:
        assert base64.b64decode(encoded_image(pipe, "avatar", AVATAR)) == PNG


class Minimal:
    """A file that can only be read."""

    name = "folder/cat.png"

    def __init__(self) -> None:
        self._left = io.BytesIO(PNG)

    def read(self, size: int = -1) -> bytes:
        """Read at most 5 bytes at a time."""
        return self._left.read(min(size, 5) if size >= 0 else size)


def test_an_object_with_a_read_method_is_accepted() -> None:
    """An object with only a `read` method is sent once."""
    with opened(Minimal(), "icon", ICON) as file:
        assert not cast("IO[bytes]", file.payload).seekable()
        assert (file.file_name, content_of(file)) == ("cat.png", PNG)


def test_a_name_that_is_not_unicode_is_replaced(tmp_path: Path) -> None:
    """Characters of a file name that cannot be encoded are replaced."""
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(PNG)

    with opened(path, "icon", ICON) as file:
        assert file.file_name == "caf?.png"


def test_a_background_of_exactly_the_limit_is_accepted() -> None:
    """A background of 10 MB is accepted, and one byte more is rejected."""
    most = BACKGROUND.most or 0
    with opened(PNG.ljust(most, b"\0"), "background", BACKGROUND) as file:
        assert file.mime_type == "image/png"
    with pytest.raises(InvalidArgumentError, match="10 MB"), opened(PNG.ljust(most + 1), "background", BACKGROUND):
        pass


@pytest.mark.parametrize(
    ("content", "requirements", "reason"),
    [
        (b"", ICON, "is empty; expected any file"),
        (b"", BACKGROUND, "is empty; expected a JPEG"),
        (b"%PDF-1.7", BACKGROUND, "is not a JPEG, PNG, GIF, WebP or HEIC image"),
        (b"GIF89a", AVATAR, "is not a JPEG or PNG image"),
        (io.StringIO("text"), ICON, "is a file that returns str instead of bytes; open it with 'rb'"),
        (codecs.getreader("utf-8")(io.BytesIO(b"text")), ICON, "is a file that returns str instead of bytes"),
        ("there/is/none.png", ICON, "is not the path of an existing file"),
        ("", ICON, "is not the path of an existing file"),
        ("\0", ICON, "is not the path of an existing file"),
        ("HTTPS://example.com/a.png", ICON, "is a URL"),
        (tempfile.gettempdir(), ICON, "is not the path of an existing file"),
        (os.devnull, ICON, "is not the path of an existing file"),
        (None, ICON, "is NoneType; expected a path"),
        (memoryview(b"x"), ICON, "is memoryview; expected a path"),
        (SimpleNamespace(read=b"x"), ICON, "is SimpleNamespace; expected a path"),
        (httpx.Response(200, content=b"x"), ICON, r"is a file that cannot be read \(TypeError\)"),
        (["a.png"], ICON, "is list; expected a path"),
    ],
)
def test_an_unusable_file_is_rejected(content: object, requirements: Requirements, reason: str) -> None:
    """The error for an unusable file says what is expected."""
    with (
        pytest.raises(InvalidArgumentError, match=f"^icon {reason}"),
        opened(content, "icon", requirements),
    ):
        pass


def test_an_unreadable_file_is_rejected(tmp_path: Path) -> None:
    """A file must be open for reading."""
    path = tmp_path / "a.png"
    writing = path.open("wb")

    with writing, pytest.raises(InvalidArgumentError, match="cannot be read"), opened(writing, "icon", ICON):
        pass
    with pytest.raises(InvalidArgumentError, match="is a closed file"), opened(writing, "icon", ICON):
        pass


def test_an_unreadable_path_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OSError from a path is raised as one of our errors."""

    def forbidden(self: Path, mode: str) -> None:
        del self, mode
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    monkeypatch.setattr(Path, "open", forbidden)

    with pytest.raises(InvalidArgumentError, match="PermissionError"), opened(path, "icon", ICON):
        pass


@pytest.mark.anyio
async def test_an_async_file_is_rejected(tmp_path: Path) -> None:
    """An async file is not read, and no coroutine is left unawaited."""
    path = tmp_path / "a.png"
    path.write_bytes(PNG)

    async with await anyio.open_file(path, "rb") as awaited:
        with pytest.raises(InvalidArgumentError, match="must be awaited"), opened(awaited, "icon", ICON):
            pass


def test_a_file_is_not_read_until_it_is_sent(tmp_path: Path) -> None:
    """Only the first bytes of a large file are read to detect its type."""
    path = tmp_path / "large.png"
    with path.open("wb") as out:
        out.write(PNG)
        out.truncate(1024**4)

    with closing(path.open("rb")) as large, opened(large, "icon", ICON) as file:
        assert cast("IO[bytes]", file.payload).read(len(PNG)) == PNG
