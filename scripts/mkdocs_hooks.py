"""Add pages from elsewhere in the repository to the documentation, and the version to the footer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = {"changelog.md": "CHANGELOG.md", "examples.md": "examples/README.md", "sandbox.md": "sandbox/README.md"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Show the documented version in the footer."""
    source = (ROOT / "overrides" / "blooio_overrides" / "_version.py").read_text("utf-8")
    found = re.search(r'__version__ = "(.+)"', source)
    assert found
    config.copyright = f"blooio-client {found[1]}"
    return config


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Rank guides first in the search, and insert files from elsewhere, with links only to documentation pages."""
    if page.file.src_uri.startswith("guides/"):
        page.meta.setdefault("search", {"boost": 2})  # above the reference, and above code with the same word
    source = ELSEWHERE.get(page.file.src_uri)
    if source is None:
        return markdown
    text = _linked((ROOT / source).read_text("utf-8"), Path(source).parent)
    return f"{text}\n{_listings(text)}" if page.file.src_uri == "examples.md" else text


def on_post_build(config: MkDocsConfig) -> None:
    """Link from llms.txt to the pages as they are served."""
    path = Path(config.site_dir) / "llms.txt"
    served = re.sub(r"\]\((?:(.+/)?index|(.+))\.md\)", _address, path.read_text("utf-8"))
    path.write_text(served, "utf-8")


def _address(link: re.Match[str]) -> str:
    return f"]({link[1] or './'})" if link[2] is None else f"]({link[2]}/)"


def _listings(table: str) -> str:
    """Return the code of the examples in the table of tasks, each below a heading."""
    tasks = re.findall(r"^\| (.+) \| `([\w./]+)` \| `blooio-client", table, re.MULTILINE)
    return "\n".join(
        f"## {path.name}\n\n{task}.\n\n```{LANGUAGES[path.suffix]}\n{_code(path)}\n```\n"
        for task, name in tasks
        for path in _files(ROOT / "examples" / name)
    )


LANGUAGES = {".py": "python", ".sh": "sh", ".ipynb": "python"}


def _files(example: Path) -> list[Path]:
    return sorted(example.glob("*.py")) if example.is_dir() else [example]


def _code(path: Path) -> str:
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = (cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    return text.strip()


def _linked(text: str, folder: Path) -> str:
    def link(match: re.Match[str]) -> str:
        target = (ROOT / folder / match[2]).resolve()
        inside = target.is_relative_to(ROOT / "docs")
        return f"[{match[1]}]({target.relative_to(ROOT / 'docs').as_posix()}{match[3] or ''})" if inside else match[1]

    return re.sub(r"\[([^\]]+)\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)", link, text)
