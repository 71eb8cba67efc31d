"""The table of known errors in the documentation says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from blooio_overrides._call.known_errors import KNOWN, KnownError, known_error

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def row(known: KnownError) -> str:
    """The row of the table for one known error."""
    code = "any other code" if known.code == "*" else f"`{known.code}`" if known.code else "none"
    where = " of `webhooks.create`" if known.operation else ""
    advice = known.advice or "Follow `error.hint`."
    return f"| {known.status}{where} | {code} | `{known.kind.__name__}` | `{known.sent}` | {known.meaning} | {advice} |"


def test_the_table_lists_every_known_error() -> None:
    """Each known status and code is one row, with its class, `sent`, meaning and advice, in the order of the code."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(("| 4", "| 5"))]

    assert rows == list(map(row, KNOWN))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.status}-{known.code}")
def test_every_row_is_reached(known: KnownError) -> None:
    """No row hides behind another one: its own status and code lead to it."""
    code = known.code and known.code.replace("*", "something")

    assert known_error(known.status, code, known.operation or "") is known
