"""What may stand in the lines of a request: whatever ends one, or begins another segment of a path, is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from blooio_client.types import File

from .arguments import header_problem, refuse

LONGEST_TARGET: Final = 65_536
"""Characters that a path and its query may have; services take far less."""
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_NO_PATH: Final = re.compile(r"[^\w.~!$&'()*+,;=:@/%-]|%(?![0-9A-Fa-f]{2})", re.ASCII)
_STEPS: Final = re.compile(r"/(?:\.|%2e){1,2}(?=/|\Z)|//", re.IGNORECASE)


def is_path(path: str) -> bool:
    """Whether a text can be the path of a URL as it is, without steps up and down."""
    return path.startswith("/") and not _NO_PATH.search(path) and not _STEPS.search(path)


def check_line(method: str, path: str, target: str) -> None:
    """Refuse what cannot be a request's first line.

    Raises:
        InvalidArgumentError: The method is no word, the path is none, or the two with the query are too long.
    """
    if not _METHOD.fullmatch(method):
        refuse("the method of the call is no HTTP method; write one such as GET")
    if not is_path(path):
        refuse(
            "the path of the call begins without a slash, steps up, or holds what a path cannot; "
            "write it as /chats/{chatId}, identifiers as parameters and a query as params="
        )
    if len(target) > LONGEST_TARGET:
        refuse(f"the path and query of the call are over {LONGEST_TARGET} characters long; write shorter ones")


def check_files(files: Mapping[str, File] | None) -> None:
    """Refuse names and types of files that would end their line.

    Raises:
        InvalidArgumentError: A name holds a control character, or a type is none.
    """
    for field, file in (files or {}).items():
        if not is_file_name(file.file_name):
            refuse(f"the name of the file {field} is empty, or holds a control character; write a plain one")
        if not _is_type(file.mime_type):
            refuse(f"the type of the file {field} is none; write one such as image/png")


def _is_type(mime_type: object) -> bool:
    return mime_type is None or (isinstance(mime_type, str) and header_problem(mime_type) is None)


def is_file_name(name: object) -> bool:
    """Whether something can be the name of a file, as a server is told it."""
    return isinstance(name, str) and bool(name) and not any(map(_is_control, name))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def file_name(name: str) -> str:
    """Return the name of a file without what no server can be told."""
    return "".join("?" if _is_control(char) else char for char in name)
