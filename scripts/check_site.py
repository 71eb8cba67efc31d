"""Check the documentation in site/: no dead links or anchors, and a search that finds what people look for.

python scripts/check_site.py    # after `make docs`, which runs it
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
# Searches, and the page that each must find.
SEARCHES = {
    "effects": "guides/effects/",
    "reply": "guides/effects/",
    "mentions": "guides/effects/",
    "proxy": "guides/http-client/",
    "logging": "guides/observability/",
    "sentry": "guides/observability/",
    "pandas": "guides/data/",
    "pydantic": "guides/data/",
    "opt-out": "guides/opt-out/",
    "gunicorn": "guides/deployment/",
    "lambda": "guides/deployment/",
    "phonenumbers": "guides/sending-to-many/",
    "formatted_text": "reference/resources/messages/",
    "signing_secret": "reference/results/",
    "AnyChat": "reference/types/",
}


class Page(HTMLParser):
    """The ids and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids = {""}
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the ids and the links of a tag."""
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.ids.add(value)
            if value and name in ("href", "src") and tag != "link":
                self.links.append(value)


def dead_links(site: Path) -> Iterator[str]:
    """Yield each relative link that leads nowhere."""
    pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}
    for path, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(unquote(link))
            if re.match(r"[a-z]+:|//|/", address):
                continue
            target = (path.parent / address).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (target in pages and anchor not in pages[target].ids):
                yield f"{path.relative_to(site)}: {link}"


def unfound(site: Path) -> Iterator[str]:
    """Yield each search that misses its page."""
    entries = json.loads((site / "search" / "search_index.json").read_bytes())["docs"]
    for words, page in SEARCHES.items():
        found = (each for each in entries if words.lower() in f"{each['title']} {each['text']}".lower())
        if not any(each["location"].startswith(page) for each in found):
            yield f"a search for {words!r} does not find {page}"


def lost(*pages: Path) -> Iterator[str]:
    """Yield each relative link of a page that leads to no file or, in the site, to no page."""
    for page in pages:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            target = page.parent / link
            if not (target / "index.html" if SITE in page.parents and target.is_dir() else target).exists():
                yield f"{page.name}: {link}"


if __name__ == "__main__":
    problems = [
        *dead_links(SITE),
        *unfound(SITE),
        *lost(ROOT / "docs" / "llms.txt", SITE / "llms.txt", *ROOT.glob("*.md"), *ROOT.glob("*/README.md")),
    ]
    print(*(f"- {each}" for each in problems), sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))
