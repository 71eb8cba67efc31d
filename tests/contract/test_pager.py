"""Long lists are read in pages, with bounded memory and each item once."""

from __future__ import annotations

import pytest
from contract_clients import MODES
from contract_directory import SHIFT, Directory
from pager_memory import PAGE_SIZE, read, read_here
from pytest_httpserver import HTTPServer


@pytest.mark.parametrize("mode", MODES)
def test_memory_does_not_grow_with_the_list(httpserver: HTTPServer, mode: str) -> None:
    """Reading 5,000 contacts takes less than 1.5 MB more than reading 1,000, since only ids are kept."""
    few, many = Directory(1_000), Directory(5_000)
    first, second = read(mode, few.serve(httpserver, "few"), many.serve(httpserver, "many"))

    assert (first[:2], second[:2]) == ((1_000, 1_000), (5_000, 5_000))
    assert many.pages == 5_000 // PAGE_SIZE
    assert second[2] - first[2] < 1_500_000


@pytest.mark.parametrize("mode", MODES)
def test_a_list_that_shifts_yields_no_item_twice(httpserver: HTTPServer, mode: str) -> None:
    """Contacts pushed onto the next page by new ones are received twice and yielded once."""
    directory = Directory(2_000, grows=True)

    items, different = read_here(mode, directory.serve(httpserver, "growing"))

    assert items == different == 2_000
    assert directory.given == 2_000 + SHIFT * (directory.pages - 1)
