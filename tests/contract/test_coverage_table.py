"""`make coverage-table` shows every operation and fails on a gap."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from contract_clients import MODES
from contract_document import OPERATIONS

SCRIPT = Path(__file__).parents[2] / "scripts" / "coverage_table.py"
KINDS = ("test_a_request_is_valid", "test_a_response_is_read", "test_an_error_is_raised")


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The script, with each kind of test for each operation and mode as if pytest had found them."""
    loaded = runpy.run_path(str(SCRIPT))
    found = Counter((kind, operation, mode) for kind in KINDS for operation in OPERATIONS for mode in MODES)
    monkeypatch.setitem(loaded["main"].__globals__, "collected", lambda: found)
    return {**loaded, "found": found}


def test_every_operation_has_a_row_and_no_gap(script: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Each operation has a row with its method and the sandbox's support."""
    assert script["main"]() == 0

    rows = capsys.readouterr().out.splitlines()[1:-3]
    assert sorted(row.split()[0] for row in rows) == sorted(OPERATIONS)


def test_a_gap_is_named(script: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """If an operation lacks a kind of test, the table names it and the command fails."""
    del script["found"]["test_an_error_is_raised", "getMe", "async"]

    assert script["main"]() == 1
    assert capsys.readouterr().out.endswith("1 with a gap: getMe\n")


def test_the_required_tests_exist() -> None:
    """The tests that the table requires for each operation are defined in this folder."""
    texts = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    defined = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}

    assert set(runpy.run_path(str(SCRIPT))["NEEDED"]) <= defined
