"""Import a new document: report the changes, replace the old document, and regenerate.

`make update DOCUMENT=path` runs it. If the overlay does not fit the new document, it lists each place.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openapi.intake import read_document
from openapi.problems import BuildError
from openapi.wire import report
from openapi.wire_rules import operations

if TYPE_CHECKING:
    from openapi.nodes import Node

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi" / "blooio-v2.json"
PROVENANCE = re.compile(r"^Version .*, \d+ operations, sha256 `[0-9a-f]{64}`\.$", re.MULTILINE)


def update(path: Path) -> str | None:
    """Import the document at a path; a returned message says why that failed."""
    try:
        content = path.read_bytes()
        document = read_document(content)
    except OSError as error:
        return f"{path} cannot be read, and nothing was changed: {error.strerror}"
    except BuildError as error:
        return listing(f"{path} is not an OpenAPI document that can be used, and nothing was changed", error)
    same = content == DOCUMENT.read_bytes()
    print("This is already the current document." if same else report(current(), document))
    line = store(ROOT, content)
    print(f"\nopenapi/blooio-v2.json: {line}", flush=True)
    try:
        print(run("scripts/generate.py"))
    except subprocess.CalledProcessError as error:
        return f"\n{error.stderr}\nNothing was regenerated. Fix this, then run `make generate`."
    return None


def current() -> Node:
    """Return the current document."""
    return read_document(DOCUMENT.read_bytes())


def listing(what: str, error: BuildError) -> str:
    """Return a heading with every problem below it."""
    return f"{what}:\n- " + "\n- ".join(error.problems)


def store(root: Path, content: bytes) -> str:
    """Write a document into a folder, with a copy for reviewers, and return the README's line about it."""
    folder, document = root / "openapi", read_document(content)
    pretty = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    is_plain = content[:1] == b"{" and json.detect_encoding(content) == "utf-8"
    replace(folder / "blooio-v2.json", content if is_plain else pretty)
    replace(folder / "blooio-v2.pretty.json", pretty)
    published = folder / "blooio-v2.published"  # anything but JSON in UTF-8 is kept next to its JSON
    if is_plain:
        published.unlink(missing_ok=True)
    else:
        replace(published, content)
    line = provenance((folder / "blooio-v2.json").read_bytes())
    readme = folder / "README.md"
    replace(readme, PROVENANCE.sub(line, readme.read_text("utf-8")).encode())
    return line


def provenance(content: bytes) -> str:
    """Return the README's line about the current document."""
    document = read_document(content)
    digest = hashlib.sha256(content).hexdigest()
    return f"Version {document['info']['version']}, {len(operations(document))} operations, sha256 `{digest}`."


def replace(path: Path, content: bytes) -> None:
    """Replace a file atomically."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)


def run(*arguments: str | Path) -> str:
    """Run a program of this repository, and return its output."""
    command = [sys.executable, "-X", "utf8", *arguments]
    done = subprocess.run(  # noqa: S603 - programs of this repository
        command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and a path
        sys.exit("usage: make update DOCUMENT=path")
    sys.exit(update(Path(sys.argv[1]).resolve()))
