"""Fixtures of the fuzzing tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzz_drive import Drive


@pytest.fixture(scope="session")
def drive() -> Iterator[Drive]:
    """Both clients, with a service whose response is configurable."""
    with Drive() as made:
        yield made
