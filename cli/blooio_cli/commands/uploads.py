"""Files that are uploaded, with a progress bar."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ..output import progress

if TYPE_CHECKING:
    from ..session import Session

FILE = Annotated[str | None, typer.Argument(metavar="[FILE]", help="An image.")]


@contextmanager
def uploading(session: Session, path: str) -> Generator[str | IO[bytes]]:
    """Return what to upload: the path or, on a terminal, the file with a progress bar."""
    if session.dry_run or not sys.stderr.isatty() or not os.path.isfile(path):  # noqa: PTH113 - a path is text here
        yield path  # the client rejects anything that is not a file
        return
    with progress() as bar, bar.open(path, "rb", description=f"Uploading {os.path.basename(path)}") as file:  # noqa: PTH119
        yield file
