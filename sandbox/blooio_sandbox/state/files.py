"""Uploaded files: attachments from the page, chat backgrounds, and group icons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from blooio_sandbox.state.database import Row, State, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILE: int = 100 * 1024 * 1024


def save_file(state: State, name: str, content_type: str, content: bytes, *, file_id: str | None = None) -> str:
    """Save a file, and return its id."""
    file_id = file_id or new_id("file")
    statement = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)"
    state.change(statement, file_id, name, content_type, content)
    return file_id


def find_file(state: State, file_id: str) -> Row | None:
    """Return a file, or None."""
    return state.row("SELECT * FROM files WHERE file_id = ?", file_id)


def describe_files(state: State, file_ids: Iterable[str]) -> dict[str, Row]:
    """Return the content types and sizes of files by id, without their content."""
    ids = list(file_ids)
    marks = ", ".join("?" for _ in ids)
    statement = f"SELECT file_id, content_type, length(content) AS size FROM files WHERE file_id IN ({marks})"  # noqa: S608 - marks only
    return {row["file_id"]: row for row in state.rows(statement, *ids)} if ids else {}


def file_path(file_id: str, name: str) -> str:
    """Return the path of a file below the control API."""
    return f"files/{file_id}/{quote(name, safe='')}"


def file_id_of(url: str) -> str | None:
    """Return the id of the file behind a URL of the sandbox, or None."""
    parts = url.split("/")
    return parts[-2] if len(parts) > 2 and parts[-3] == "files" else None  # noqa: PLR2004 - files/ID/NAME
