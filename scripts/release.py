"""Check that this tree can be released: version, changelog, tag, and the version that the last new document suggests.

python scripts/release.py           # checks; `make release` builds after it
python scripts/release.py v0.2.0    # also checks that the tag is the version, as the workflow does
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def problems(root: Path, tag: str | None) -> Iterator[str]:
    """Yield each problem that prevents a release, with its fix."""
    source = (root / "overrides" / "blooio_overrides" / "_version.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(\d+\.\d+\.\d+)"$', source, re.MULTILINE)
    if not found:
        yield "_version.py: the version is not three numbers. Write one such as 0.2.0."
        return
    version = found[1]
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {re.escape(version)}\b.*\n+(?!## )\S", changelog, re.MULTILINE):
        yield f"CHANGELOG.md: there is no section for {version}. Rename Unreleased to it."
    if re.search(r"^## Unreleased\n+(?!## )\S", changelog, re.MULTILINE):
        yield f"CHANGELOG.md: Unreleased is not empty. Move its lines to {version}."
    if tag is not None and tag != f"v{version}":
        yield f"the tag {tag} is not v{version}. Tag the commit whose version it is."
    for report in sorted((root / "openapi" / "changes").glob("*.json"))[-1:]:
        suggested = json.loads(report.read_bytes())["suggested_version"]
        if _numbers(version) < _numbers(suggested):
            yield f"{version} is below {suggested}, which {report.name} suggests. Raise the version."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    found = list(problems(ROOT, sys.argv[1] if len(sys.argv) > 1 else None))
    print(*(f"- {each}" for each in found), sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
