# Derived from ../_async/test_uploads.py by `make derive`. Do not edit.
"""Unusual files: devices, pipes, and files that change while they are sent."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import IO, Any

import pytest
from pytest_httpserver import HTTPServer
from wire import Exchange, Wire, in_turn, json_response

from blooio_client import Blooio, calls
from blooio_client.errors import BlooioError, ConnectionFailedError, InvalidArgumentError, NoActiveNumberError
from blooio_client.types import File

ZEROS = Path("/dev/zero")
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not ZEROS.exists(), reason="needs /dev/zero and named pipes"),
]

PHONE = "+15551234567"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_a_path_to_a_special_file_raises(stub: Blooio, httpserver: HTTPServer, tmp_path: Path, kind: str) -> None:
    """Only regular files are opened by path, since opening others can block and reading them may never end."""
    path = tmp_path / "picture.png"
    if kind == "pipe":
        os.mkfifo(path)
    odd = {"device": ZEROS, "pipe": path, "folder": tmp_path}[kind]

    with pytest.raises(InvalidArgumentError, match=r"^icon is not the path of an existing file"):
        stub.groups.icon.set("grp_1", odd)
    with pytest.raises(InvalidArgumentError, match=r"^background is not the path of an existing file"):
        stub.chat(PHONE).background.set(odd)
    with pytest.raises(InvalidArgumentError, match=r"^avatar is not the path of an existing file"):
        stub.numbers.contact_card.update(PHONE, avatar=odd)
    with pytest.raises(InvalidArgumentError, match=r"^attachments\[0\] must be an http\(s\) URL"):
        stub.chat(PHONE).send("Hello", attachments=[str(odd)])

    assert httpserver.log == []


def test_a_pipe_is_streamed(tmp_path: Path) -> None:
    """An open pipe has no known size, and is sent in chunks until its writer closes it."""
    path = tmp_path / "picture.png"
    os.mkfifo(path)
    content = PNG + bytes(300_000)
    writer = threading.Thread(target=path.write_bytes, args=(content,))
    writer.start()

    with Wire(lambda exchange: exchange.write(json_response(b'{"success": true}'))) as server, path.open("rb") as pipe:
        with Blooio("key", base_url=server.url) as client:
            assert (client.groups.icon.set("grp_1", pipe)).success is True
    writer.join()

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head.lower()
    assert body.count(b"\0") == 300_000


class WithoutEnd(io.BytesIO):
    """A file that can be rewound, but not measured, such as one that is decompressed as it is read."""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Seek, but not from the end."""
        if whence == os.SEEK_END:
            raise OSError("the end is unknown")
        return super().seek(offset, whence)


def test_a_file_without_a_known_end_is_rewound_for_a_retry() -> None:
    """A retry sends the whole file again, even if the size of the file is unknown."""
    content = PNG + bytes(300_000)
    no_number = json_response(b'{"error": "No active number"}', b"503 Service Unavailable")
    done = json_response(b'{"success": true}')

    with Wire(in_turn(lambda first: first.write(no_number), lambda second: second.write(done))) as server:
        with Blooio("key", base_url=server.url) as client:
            client.groups.icon.set("grp_1", WithoutEnd(content))

    assert [request.count(b"\0") for request in server.requests] == [300_000, 300_000]


def test_a_closed_file_is_rejected(stub: Blooio, httpserver: HTTPServer) -> None:
    """A closed file raises an error before anything is sent, also in a call of `blooio_client.calls`."""
    file = io.BytesIO(PNG)
    file.close()

    with pytest.raises(InvalidArgumentError, match=r"^the payload of the file icon is closed"):
        stub.call(calls.set_group_icon("grp_1", body={"icon": File(file, "icon.png")}))
    with pytest.raises(InvalidArgumentError, match=r"^icon is a closed file"):
        stub.groups.icon.set("grp_1", file)

    assert httpserver.log == []


def test_a_file_that_is_closed_before_the_retry() -> None:
    """A file that is closed meanwhile cannot be sent again, and the error has the outcome of the first attempt."""
    file = io.BytesIO(PNG)
    no_number = json_response(b'{"error": "No active number"}', b"503 Service Unavailable")

    def close(exchange: Exchange) -> None:
        file.close()
        exchange.write(no_number)

    with Wire(close) as server:
        with Blooio("key", base_url=server.url) as client:
            with pytest.raises(NoActiveNumberError) as caught:
                client.call(calls.set_group_icon("grp_1", body={"icon": File(file, "icon.png")}))

    assert (caught.value.sent, caught.value.attempts) == (None, 1)


class Changing:
    """A file that changes while it is sent."""

    def __init__(self, file: IO[bytes], how: str, path: Path) -> None:
        self._file = file
        self._how = how
        self._path = path
        self._reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> Any:
        """Read; before the third read, extend or truncate the file, or return None instead."""
        self._reads += 1
        if self._reads == 3:
            if self._how == "grows":
                with self._path.open("ab") as other:
                    other.write(bytes(100_000))
            elif self._how == "shrinks":
                os.truncate(self._path, 70_000)
            else:
                return None
        return self._file.read(size)


def failed(file: Any) -> BlooioError:
    """Return the error of an upload, and check that the client stays usable."""
    with Wire(lambda exchange: exchange.write(json_response(b'{"success": true}'))) as server:
        with Blooio("key", base_url=server.url) as client:
            with pytest.raises(ConnectionFailedError) as caught:
                client.groups.icon.set("grp_1", file)
            client.groups.icon.set("grp_1", PNG)
    return caught.value


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("grows", "the size of the file changed while it was sent"),
        ("shrinks", "the size of the file changed while it was sent"),
        ("gives nothing", "reading the file returned NoneType instead of bytes"),
    ],
)
def test_a_file_that_changes_while_it_is_sent(tmp_path: Path, how: str, said: str) -> None:
    """A file that changes raises one of our errors, with an unknown outcome, and is not retried."""
    path = tmp_path / "picture.png"
    path.write_bytes(PNG + bytes(300_000))

    with path.open("rb") as file:
        error = failed(Changing(file, how, path))

    assert (error.sent, error.attempts) == (None, 1)
    assert said in str(error)


def open_device() -> IO[bytes]:
    """Open a device that yields bytes endlessly."""
    return ZEROS.open("rb")


def test_an_endless_device_is_not_sent() -> None:
    """The upload of a device without a size fails at once."""
    with open_device() as zeros:
        error = failed(zeros)

    assert "the size of the file changed while it was sent" in str(error)
