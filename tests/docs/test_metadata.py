"""The metadata that PyPI shows."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "metadata.py"))
REPOSITORY = "https://git.example/owner/name"


def test_links_of_the_readme_are_absolute_on_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative links and images become absolute, and absolute ones do not change."""
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


def test_the_readme_of_a_release() -> None:
    """A release's README has badges for its version and an existing workflow, and no hint on use without PyPI."""
    before = (ROOT / "README.md").read_text("utf-8")
    readme = SCRIPT["released"](before, REPOSITORY)

    assert SCRIPT["BEFORE"] in before
    assert SCRIPT["BEFORE"] not in readme
    assert f"[![Tests]({REPOSITORY}/actions/workflows/test.yml/badge.svg)]" in readme
    workflows = ROOT / ".github" / "workflows"
    assert (workflows / "test.yml").is_file() or not workflows.exists()  # a source distribution has none
    assert "https://img.shields.io/pypi/v/blooio-client" in readme


def test_the_badges_are_true() -> None:
    """The badges of the README agree with pyproject.toml."""
    readme = (ROOT / "README.md").read_text("utf-8")
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(package["project"]["classifiers"]))

    assert f"badge/python-{versions[0]}_to_{versions[-1]}-" in readme
    assert f"badge/license-{package['project']['license']}-" in readme
    coverage = package["tool"]["coverage"]
    assert f"badge/client_and_outbox-{coverage['report']['fail_under']}_%25_branch_coverage-" in readme
    assert coverage["run"]["branch"]
    assert package["tool"]["mypy"]["strict"]
    assert package["tool"]["pyright"]["typeCheckingMode"] == "strict"


def test_no_url_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that does not know its repository has no links to it."""
    monkeypatch.delenv("REPOSITORY", raising=False)
    metadata: dict[str, object] = {}
    SCRIPT["CustomMetadataHook"](str(ROOT), {}).update(metadata)

    assert metadata["urls"] == {}
