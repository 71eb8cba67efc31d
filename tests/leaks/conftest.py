"""Fixtures for the search for canaries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from canaries import Search


@pytest.fixture
def search() -> Iterator[Search]:
    """Search every log record, and check at the end that no canary was found."""
    made = Search()
    with made.listening():
        yield made
    assert made.found == []
