"""A release requires that version, changelog, tag and suggested version agree."""

from __future__ import annotations

import json
import runpy
from typing import TYPE_CHECKING, Any

import pytest

from tests.openapi.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FINE: Any = {"version": "0.2.0", "changelog": "## Unreleased\n\n## 0.2.0\n\n* New\n", "suggested": "0.2.0"}


def told(root: Path, tag: str | None = None, **changes: str) -> list[str]:
    """Return the problems that prevent a release with these files."""
    files = FINE | changes
    (root / "overrides" / "blooio_overrides").mkdir(parents=True)
    (root / "openapi" / "changes").mkdir(parents=True)
    (root / "overrides/blooio_overrides/_version.py").write_text(f'__version__ = "{files["version"]}"\n')
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n{files['changelog']}")
    older, newer = root / "openapi/changes/2025-01-01.json", root / "openapi/changes/2025-02-01.json"
    older.write_text(json.dumps({"suggested_version": "9.0.0"}))
    newer.write_text(json.dumps({"suggested_version": files["suggested"]}))
    return list(runpy.run_path(str(ROOT / "scripts" / "release.py"))["problems"](root, tag))


@pytest.mark.parametrize("tag", [None, "v0.2.0"])
def test_fine(tmp_path: Path, tag: str | None) -> None:
    """A version that matches the changelog, the tag and the suggestion has no problems."""
    assert told(tmp_path, tag) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": "0.2"}, "the version is not three numbers"),
        ({"version": "0.3.0"}, "there is no section for 0.3.0"),
        ({"changelog": "## Unreleased\n\n* Newer\n\n## 0.2.0\n\n* New\n"}, "Unreleased is not empty"),
        ({"changelog": "## Unreleased\n\n## 0.2.0\n\n## 0.1.0\n\n* Old\n"}, "there is no section for 0.2.0"),
        ({"tag": "v0.1.0"}, "the tag v0.1.0 is not v0.2.0"),
        ({"suggested": "0.10.0"}, "0.2.0 is below 0.10.0"),
    ],
)
def test_problem(tmp_path: Path, changes: dict[str, str], problem: str) -> None:
    """Each mismatch is listed with a fix."""
    (found,) = told(tmp_path, **changes)

    assert problem in found
