"""The metadata that PyPI shows."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "metadata.py"))
REPOSITORY = "https://git.example/owner/name"


def test_links_of_the_readme_are_absolute_on_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are linked as pages, pictures as files, and what is absolute stays."""
    monkeypatch.setenv("REPOSITORY", REPOSITORY + "/")
    metadata: dict[str, object] = {}
    SCRIPT["CustomMetadataHook"](str(ROOT), {}).update(metadata)
    readme = metadata["readme"]
    assert isinstance(readme, dict)

    assert SCRIPT["RELATIVE"].findall(readme["text"]) == []
    assert SCRIPT["absolute"]("![](a/b.jpg) [c](d.md) [e](https://f.example)", REPOSITORY) == (
        f"![]({REPOSITORY}/raw/HEAD/a/b.jpg) [c]({REPOSITORY}/blob/HEAD/d.md) [e](https://f.example)"
    )
    assert {"Source", "Changelog", "Issues", "Documentation"} <= SCRIPT["urls"](REPOSITORY).keys()


def test_no_url_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that does not know its repository links to none."""
    monkeypatch.delenv("REPOSITORY", raising=False)
    metadata: dict[str, object] = {}
    SCRIPT["CustomMetadataHook"](str(ROOT), {}).update(metadata)

    assert metadata["urls"] == {}
