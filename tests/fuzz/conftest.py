"""What the fuzzing tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzz_drive import Drive


@pytest.fixture(scope="session")
def drive() -> Iterator[Drive]:
    """Both clients, with a service that answers as it is told."""
    with Drive() as made:
        yield made
