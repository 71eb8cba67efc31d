"""Take in a new document: say what changed, put it in the place of the old one, and regenerate.

`make update DOCUMENT=path` runs it. Where the overlay does not fit the new document, it names each place.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi" / "blooio-v2.json"
README = ROOT / "openapi" / "README.md"
PROVENANCE = re.compile(r"^Version .*, \d+ operations, sha256 `[0-9a-f]{64}`\.$", re.MULTILINE)


def update(path: Path) -> str | None:
    """Take in the document of a path; what is returned says why that could not be finished."""
    try:
        content = path.read_bytes()
        line = provenance(content)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return f"{path} is no OpenAPI document in JSON, so that nothing was changed: {error!r}"
    same = content == DOCUMENT.read_bytes()
    print("This is the document that stands here already." if same else run("-m", "openapi.changes", DOCUMENT, path))
    replace(DOCUMENT, content)
    replace(README, PROVENANCE.sub(line, README.read_text("utf-8")).encode())
    print(f"\nopenapi/blooio-v2.json: {line}", flush=True)
    try:
        print(run("scripts/generate.py"))
    except subprocess.CalledProcessError as error:
        return f"\n{error.stderr}\nNothing was regenerated. Mend this, then run `make generate`."
    return None


def provenance(content: bytes) -> str:
    """The line of the README that says which document stands here."""
    document: Any = json.loads(content)
    operations = [each for item in document["paths"].values() for each in item.values() if "responses" in each]
    digest = hashlib.sha256(content).hexdigest()
    return f"Version {document['info']['version']}, {len(operations)} operations, sha256 `{digest}`."


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)


def run(*arguments: str | Path) -> str:
    """Run a program of this repository, and return what it prints."""
    command = [sys.executable, "-X", "utf8", *arguments]
    done = subprocess.run(  # noqa: S603 - programs of this repository
        command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program, and one path
        sys.exit("Which document? make update DOCUMENT=path")
    sys.exit(update(Path(sys.argv[1]).resolve()))
