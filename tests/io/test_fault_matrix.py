"""Never twice, never lost: every operation under every fault, judged by what the server saw."""

from __future__ import annotations

import pytest
from fault_cells import cells
from fault_expectations import CORE, ROWS, STATUSES
from fault_matrix import run
from fault_repeats import REPEATS, REPRESENTATIVES
from fault_server import FaultServer

MODES = ("sync", "async")


@pytest.mark.parametrize("mode", MODES)
def test_every_operation_under_the_most_common_faults(server: FaultServer, mode: str) -> None:
    """Each cell has the expected number of requests, the right error, and the key of every send."""
    figures = run(server, mode, cells(REPEATS, (*ROWS, *STATUSES), faults=CORE))

    assert figures.problems == []
    assert figures.cells > 55 * len(CORE)
    assert len(figures.tracebacks) > 55 * 3


@pytest.mark.parametrize("mode", MODES)
def test_an_operation_of_each_kind_under_every_fault(server: FaultServer, mode: str) -> None:
    """Each cell ends as expected for every fault, and the client's next call succeeds."""
    figures = run(server, mode, cells(REPRESENTATIVES.values(), ROWS, follows=True))

    assert figures.problems == []


@pytest.mark.parametrize("mode", MODES)
def test_an_operation_of_each_kind_under_every_status(server: FaultServer, mode: str) -> None:
    """Each cell ends as expected for each status from 300 to 599, assigned or not."""
    figures = run(server, mode, cells(REPRESENTATIVES.values(), STATUSES))

    assert figures.problems == []
    assert figures.cells > 4 * 300
