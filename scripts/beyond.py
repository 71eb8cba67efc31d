"""Write the tables of docs/beyond.md: the overlay's additions to the published document, and their sources.

python scripts/beyond.py    # write
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "beyond.md"
OVERLAY: Final[dict[str, Any]] = yaml.safe_load((ROOT / "openapi" / "overlay.yaml").read_text("utf-8"))
BUILT: Final[dict[str, Any]] = json.loads((ROOT / "sandbox/blooio_sandbox/openapi.json").read_bytes())
VERBS: Final = ("get", "put", "post", "patch", "delete")
Row = tuple[str, str, str]
"""The addition, its meaning, and the name of its source."""


def operations() -> Iterator[Row]:
    """Yield each operation, and each response, that the document lacks."""
    for path, item in BUILT["paths"].items():
        for verb in (verb for verb in VERBS if verb in item):
            operation = item[verb]
            name = f"`{verb.upper()} {path}`"
            if "x-beyond" in operation:
                yield name, operation["summary"], operation["x-beyond"]
            for status, response in operation["responses"].items():
                if "x-beyond" in response:
                    yield f"{status} of {name}", response["description"], response["x-beyond"]


def fields() -> Iterator[Row]:
    """Yield each field that the document lacks."""
    for model, schema in BUILT["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            if "x-beyond" in field:
                yield f"`{model}.{name}`", field["description"], field["x-beyond"]


def values() -> Iterator[Row]:
    """Yield the enum values that the document lacks, by enum."""
    for action in OVERLAY["actions"]:
        if "x-beyond" in action:
            added = action["update"]["enum"]
            for name, schema in BUILT["components"]["schemas"].items():
                if set(added) <= set(schema.get("enum", [])):
                    yield f"`{name}`", f"the values {' and '.join(f'`{value}`' for value in added)}", action["x-beyond"]


def additions() -> str:
    """Return the table of everything that the document lacks."""
    rows = (f"| {name} | {meaning} | {source} |" for name, meaning, source in (*operations(), *fields(), *values()))
    return "\n".join(("| addition | meaning | source |", "|---|---|---|", *rows))


def sources() -> str:
    """Return the table of the sources."""
    listed: dict[str, dict[str, str]] = OVERLAY["x-sources"]
    rows = (f"| {name} | {each['title']} | <{each['url']}> | {each['read']} |" for name, each in listed.items())
    return "\n".join(("| source | title | URL | read on |", "|---|---|---|---|", *rows))


TABLES: Final = {"additions": additions, "sources": sources}


def written(page: str) -> str:
    """Return a page with each table between its marks."""
    for name, make in TABLES.items():
        before, begin, rest = page.partition(f"<!-- table {name} -->\n")
        _, end, after = rest.partition(f"<!-- end {name} -->")
        page = f"{before}{begin}\n{make()}\n\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(f"wrote {PAGE.name}")
