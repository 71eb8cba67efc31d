"""The whole matrix: every operation, every fault, every status, both colours; and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_cells import cells
from fault_expectations import ROWS, STATUSES
from fault_matrix import Figures, run, serving
from fault_repeats import REPEATS
from fault_server import FaultServer

COLOURS = ("sync", "async")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """The server, and clients that trust the certificate that it shows when nothing is wrong."""
    with serving(tmp_path, monkeypatch) as running:
        yield running


def judged(figures: Figures, what: str) -> None:
    """Print what some cells come to; nothing must have been sent twice, come through or been lost."""
    print(f"\n{what}: {figures}")
    assert figures.problems == []
    assert figures.double_sends == figures.foreign_exceptions == figures.lost_keys == 0


@pytest.mark.proof
@pytest.mark.parametrize("colour", COLOURS)
def test_every_operation_under_every_fault(server: FaultServer, colour: str) -> None:
    """Each call sends as often as is safe and no more, ends as it must, and its client works on."""
    figures = run(server, colour, cells(REPEATS, ROWS, follows=True))

    judged(figures, f"{len(REPEATS)} operations under {sum(len(row.faults) for row in ROWS)} faults, {colour}")


@pytest.mark.proof
@pytest.mark.parametrize("colour", COLOURS)
def test_every_operation_under_every_status(server: FaultServer, colour: str) -> None:
    """The same for each status from 300 to 599."""
    figures = run(server, colour, cells(REPEATS, STATUSES))

    judged(figures, f"{len(REPEATS)} operations under 300 statuses, {colour}")
