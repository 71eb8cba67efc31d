"""Fixtures for the webhook tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deliveries import SECRET
from webhook_stores import STORES, move_clock, opened

from blooio_overrides.webhooks import Receiver
from blooio_overrides.webhooks.stores.core import SQL


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of a store that does not exist yet."""
    return tmp_path / "events.db"


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Any]:
    """Each kind of store."""
    with opened(request.param, path) as store:
        yield store


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver whose threads end with the test."""
    receiver = Receiver(secret=SECRET)
    yield receiver
    receiver.stop()


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the stores' clock has moved; only the test moves it."""
    ahead = [0.0]
    for kind in SQL.__subclasses__():
        move_clock(monkeypatch, kind, ahead)
    return ahead
