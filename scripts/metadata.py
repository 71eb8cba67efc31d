"""The metadata that depends on where the repository is: project URLs, and the links of the README.

A hook of hatchling. `make release REPOSITORY=https://github.com/owner/name` names the repository: relative links of the
README become absolute, as PyPI needs them, and its badges include those of the release. Without it, there are no URLs.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent.parent
BEFORE = 'Until the package is on PyPI, clone the repository and run `pip install "./blooio-client[cli]"`.\n'
RELATIVE = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s]+)\)")


def absolute(text: str, repository: str) -> str:
    """Return the README with absolute links; images link to the raw file."""

    def link(match: re.Match[str]) -> str:
        view = "raw" if match[1].endswith((".jpg", ".png", ".svg")) else "blob"
        return f"]({repository}/{view}/HEAD/{match[1]})"

    return RELATIVE.sub(link, text)


def released(text: str, repository: str) -> str:
    """Return the README of a release: with badges for version and tests, without instructions for the time before."""
    tests = f"{repository}/actions/workflows/test.yml"
    badges = (
        "[![Version](https://img.shields.io/pypi/v/blooio-client)](https://pypi.org/project/blooio-client/)\n"
        f"[![Tests]({tests}/badge.svg)]({tests})\n"
    )
    return absolute(text.replace(BEFORE, "").replace("[![", f"{badges}[![", 1), repository)


def urls(repository: str) -> dict[str, str]:
    """Return the links that PyPI shows next to the README."""
    return {
        "Documentation": f"{repository}/blob/HEAD/docs/index.md",
        "Source": repository,
        "Changelog": f"{repository}/blob/HEAD/CHANGELOG.md",
        "Issues": f"{repository}/issues",
        "Security": f"{repository}/blob/HEAD/SECURITY.md",
    }


class CustomMetadataHook(MetadataHookInterface):
    """Fills in `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `readme` and `urls` for the repository in the environment."""
        repository = os.environ.get("REPOSITORY", "").rstrip("/")
        text = (ROOT / "README.md").read_text("utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": released(text, repository) if repository else text,
        }
        metadata["urls"] = urls(repository) if repository else {}
