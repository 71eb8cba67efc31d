"""The examples of the README and of every page of the documentation run as they stand, in a new user's folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest

from blooio_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# The smallest picture that is a JPEG by its content.
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def blocks(page: Path) -> list[str]:
    """The Python blocks of a page, each padded so that its line numbers are those of the page."""
    text = page.read_text("utf-8")
    found = re.finditer(r"^( *)```python\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return ["\n" * (text[: match.start()].count("\n") + 1) + dedent(match[2]) for match in found]


@pytest.fixture
def _a_new_user(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    for text in ("Hello", "Is there a table?"):
        blooio_sandbox.phone("+15551234567").sends(text)
    logger = logging.getLogger("blooio_client")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.mark.usefixtures("_a_new_user")
@pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if blocks(page)],
)
def test_a_page_runs_from_top_to_bottom(page: Path) -> None:
    """Whoever pastes the blocks of a page one after another into a file gets what the page says."""
    namespace: dict[str, object] = {}
    for block in blocks(page):
        if "import pandas" in block and find_spec("pandas") is None:
            continue
        exec(compile(block, str(page), "exec"), namespace)  # noqa: S102 - that is what is tested


def test_there_are_pages_with_examples() -> None:
    """The search for examples finds them: the quickstart and at least eight guides."""
    assert sum(1 for page in PAGES if blocks(page)) > 9
