"""A hundred thousand contacts, read by the pager."""

from __future__ import annotations

import pytest
from contract_clients import MODES
from contract_directory import SHIFT, Directory
from pager_memory import PAGE_SIZE, read, read_here
from pytest_httpserver import HTTPServer

FEW = 1_000
MANY = 100_000
MEGABYTE = 1_000_000
pytestmark = pytest.mark.proof


@pytest.mark.parametrize("mode", MODES)
def test_memory_does_not_grow_with_the_list(httpserver: HTTPServer, mode: str) -> None:
    """Reading 100,000 contacts takes less than 20 MB more than reading 1,000."""
    few, many = Directory(FEW), Directory(MANY)
    first, second = read(mode, few.serve(httpserver, "few"), many.serve(httpserver, "many"))
    peaks = [peak / MEGABYTE for _, _, peak in (first, second)]
    print(
        f"\n{mode}: {FEW} contacts, peak {peaks[0]:.2f} MB; {MANY} contacts in {many.pages} requests, "
        f"peak {peaks[1]:.2f} MB; {peaks[1] - peaks[0]:.2f} MB more"
    )

    assert (first[:2], second[:2]) == ((FEW, FEW), (MANY, MANY))
    assert many.pages == MANY // PAGE_SIZE
    assert peaks[1] - peaks[0] < 20


@pytest.mark.parametrize("mode", MODES)
def test_a_list_that_shifts_yields_no_item_twice(httpserver: HTTPServer, mode: str) -> None:
    """While new contacts are created between pages, each of the 100,000 existing ones is yielded exactly once."""
    directory = Directory(MANY, grows=True)
    items, different = read_here(mode, directory.serve(httpserver, "growing"))
    print(f"\n{mode}: {directory.given} contacts over the wire in {directory.pages} requests, {items} given")

    assert items == different == MANY
    assert directory.given == MANY + SHIFT * (directory.pages - 1)
