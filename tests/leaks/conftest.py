"""What every search for canaries needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from canaries import Search


@pytest.fixture
def search() -> Iterator[Search]:
    """A search of every record; at the end, nothing was found."""
    made = Search()
    with made.listening():
        yield made
    assert made.found == []
