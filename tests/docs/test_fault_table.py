"""The tables in docs/promises.md are those that `make fault-table` writes."""

from __future__ import annotations

import runpy
from pathlib import Path

from fault_expectations import ROWS, STATUSES
from fault_repeats import REPEATS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "fault_table.py"))
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")


def test_the_page_has_the_tables_of_the_tests() -> None:
    """The page lists what the tests expect for each fault."""
    assert SCRIPT["written"](PAGE) == PAGE


def test_an_edited_table_is_out_of_date() -> None:
    """A number edited by hand differs from the generated page."""
    assert "| 3 |" in PAGE
    assert SCRIPT["written"](PAGE.replace("| 3 |", "| 4 |")) == PAGE


def test_every_row_and_every_operation_is_on_the_page() -> None:
    """Every tested fault and operation has a row on the page."""
    assert [row.what for row in (*ROWS, *STATUSES) if f"| {row.what} |" not in PAGE] == []
    assert [operation for operation in REPEATS if f"| `{operation}` |" not in PAGE] == []
