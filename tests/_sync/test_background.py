# Derived from ../_async/test_background.py by `make derive`. Do not edit.
"""The background picture of a conversation."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from blooio_client import Blooio
from blooio_client.errors import InvalidArgumentError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"
PATH = "/v2/api/chats/%2B15551234567/background"
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def test_a_background_is_set_read_and_removed(client: Blooio, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """The file is sent in one multipart field, with its name and the type detected from its content."""
    picture = tmp_path / "sea.jpg"
    picture.write_bytes(JPEG)
    background = client.chat(PHONE).background

    changed = background.set(str(picture))
    again = background.set(JPEG)
    read = background.get()
    removed = background.remove()

    assert [each.has_background for each in (changed, again, read, removed)] == [True, True, True, False]
    assert (changed.changed, again.changed) == (True, False)
    assert (read.background_url or "").endswith(str(read.background_id))
    assert removed.background_url is None
    requests = blooio_sandbox.requests
    assert [(request.method, request.raw_path) for request in requests] == [
        (method, PATH) for method in ("PUT", "PUT", "GET", "DELETE")
    ]
    head = b'Content-Disposition: form-data; name="background"; filename="%s"\r\nContent-Type: image/jpeg\r\n\r\n'
    assert head % b"sea.jpg" + JPEG in requests[0].raw_body
    assert head % b"background.jpg" + JPEG in requests[1].raw_body


def test_an_open_file_is_sent_from_its_beginning(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """An open file is sent from its beginning, whatever its position, and stays open."""
    picture = io.BytesIO(JPEG)
    picture.seek(0, io.SEEK_END)

    client.chat(PHONE).background.set(picture)

    (request,) = blooio_sandbox.requests
    assert JPEG in request.raw_body
    assert not picture.closed


@pytest.mark.parametrize(
    ("background", "reason"),
    [
        (b"%PDF-1.7 and more", "not a JPEG, PNG, GIF, WebP or HEIC image"),
        (JPEG + bytes(10 * 1024 * 1024), "larger than 10 MB"),
        (b"", "empty"),
        ("missing.jpg", "of an existing file"),
        (".", "of an existing file"),
        ("https://example.com/sea.jpg", "download it"),
        (io.StringIO("text"), "'rb'"),
        (None, "expected a path, bytes"),
    ],
)
def test_an_invalid_background_raises(client: Blooio, blooio_sandbox: Sandbox, background: Any, reason: str) -> None:
    """Invalid backgrounds raise an error, and nothing is sent."""
    with pytest.raises(InvalidArgumentError, match=reason):
        client.chat(PHONE).background.set(background)

    assert blooio_sandbox.requests == []
