"""Files that phones attach: uploaded by the page, and served to it and to the API's users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from blooio_sandbox.api.wire import RawResponse
from blooio_sandbox.state.files import MAX_FILE, file_path, find_file, save_file

if TYPE_CHECKING:
    from blooio_sandbox.state.database import State

# What a browser may show; anything else, such as HTML or SVG, could run scripts with the rights of the page.
_SHOWN = re.compile(r"image/(png|jpeg|gif|webp|avif|heic)|audio/[\w.+-]+|video/[\w.+-]+")
_POLICY = "default-src 'none'; sandbox"


class Files:
    """The uploaded files of a sandbox."""

    def __init__(self, state: State) -> None:
        self._state = state

    def save(self, name: str, content_type: str, content: bytes) -> str:
        """Save a file, and return its path below the control API.

        Raises:
            ValueError: The file is too large.
        """
        if len(content) > MAX_FILE:
            raise ValueError(f"a file must have at most {MAX_FILE} bytes")
        with self._state.transaction():
            return file_path(save_file(self._state, name, content_type.partition(";")[0].lower(), content), name)

    def read(self, file_id: str) -> RawResponse | None:
        """Return a file as a response, or None."""
        row = find_file(self._state, file_id)
        if row is None:
            return None
        is_shown = _SHOWN.fullmatch(row["content_type"])
        headers = {
            "content-type": row["content_type"] if is_shown else "application/octet-stream",
            "content-disposition": "inline" if is_shown else "attachment",
            "content-security-policy": _POLICY,
        }
        return RawResponse(200, headers, row["content"])
