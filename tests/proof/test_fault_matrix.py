"""The whole matrix: every operation, every fault, every status, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from fault_cells import cells
from fault_expectations import ROWS, STATUSES
from fault_matrix import Figures, run, serving
from fault_repeats import REPEATS, REPRESENTATIVES
from fault_server import FaultServer

MODES = ("sync", "async")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """The server, and clients that trust its regular certificate."""
    with serving(tmp_path, monkeypatch) as running:
        yield running


def judged(figures: Figures, what: str) -> None:
    """Print the results of some cells, and check that nothing was duplicated, leaked or lost."""
    print(f"\n{what}: {figures}", *figures.problems[:9], sep="\n")
    assert figures.problems == []
    assert figures.double_sends == figures.foreign_exceptions == figures.lost_keys == 0


@pytest.mark.proof
@pytest.mark.parametrize("mode", MODES)
def test_every_operation_under_every_fault(server: FaultServer, mode: str) -> None:
    """Each call sends as often as is safe, ends as expected, and leaves its client usable."""
    figures = run(server, mode, cells(REPEATS, ROWS, follows=True))

    judged(figures, f"{len(REPEATS)} operations under {sum(len(row.faults) for row in ROWS)} faults, {mode}")


@pytest.mark.proof
@pytest.mark.parametrize("mode", MODES)
def test_every_operation_under_every_status(server: FaultServer, mode: str) -> None:
    """For each status from 300 to 599, each call sends as often as is safe and ends as expected."""
    figures = run(server, mode, cells(REPEATS, STATUSES))

    judged(figures, f"{len(REPEATS)} operations under 300 statuses, {mode}")


@pytest.mark.proof
@pytest.mark.parametrize("mode", MODES)
def test_an_operation_of_each_kind_through_the_users_client(server: FaultServer, mode: str) -> None:
    """Calls through the user's HTTP client end as expected, even if it follows redirects."""
    every = [attrs.evolve(cell, own_client=True) for cell in cells(REPRESENTATIVES.values(), ROWS, follows=True)]
    # While headers arrive, httpx's sync client does not report how long it has been reading.
    beyond = {"slow headers", "endless 100 responses"} if mode == "sync" else set[str]()
    chosen = [cell for cell in every if cell.fault.name not in beyond]

    judged(run(server, mode, chosen), f"{len(REPRESENTATIVES)} operations through the user's client, {mode}")
