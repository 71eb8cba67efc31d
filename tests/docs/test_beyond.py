"""The page about additions to the published document matches the overlay."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

from openapi.nodes import METHODS, objects_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "beyond.py"))
PAGE = (ROOT / "docs" / "beyond.md").read_text("utf-8")


def test_the_page_has_the_tables_of_the_overlay() -> None:
    """The page has the tables and sources that `make beyond` writes from the overlay."""
    assert SCRIPT["written"](PAGE) == PAGE


def rows() -> Iterator[str]:
    """Yield the first column of each row that the page must have."""
    built = SCRIPT["BUILT"]
    for model, schema in built["components"]["schemas"].items():
        yield from (f"`{model}.{name}`" for name, field in schema.get("properties", {}).items() if "x-beyond" in field)
    for path, item in built["paths"].items():
        for method in (each for each in METHODS if each in item):
            name = f"`{method.upper()} {path}`"
            responses = item[method]["responses"].items()
            yield from (f"{status} of {name}" for status, response in responses if "x-beyond" in response)
            yield from [name] if "x-beyond" in item[method] else []
    for values in (set(action["update"]["enum"]) for action in SCRIPT["OVERLAY"]["actions"] if "x-beyond" in action):
        schemas = built["components"]["schemas"].items()
        yield from (f"`{name}`" for name, schema in schemas if values <= set(schema.get("enum", [])))


def test_every_mark_has_a_row() -> None:
    """Each addition marked in the overlay has a row with its source, and each source the date it was read."""
    marks = {node["x-beyond"] for node in objects_of(SCRIPT["OVERLAY"]["actions"]) if "x-beyond" in node}
    named = re.findall(r"^\| .* \| .* \| (.*) \|$", PAGE, re.MULTILINE)

    assert marks <= set(named)
    for source in SCRIPT["OVERLAY"]["x-sources"].values():
        assert re.fullmatch(r"[0-9]{1,2} [A-Z][a-z]+ 20[0-9]{2}", source["read"])
        assert source["url"].startswith("https://")
    for row in rows():
        assert f"| {row} |" in PAGE
