"""What holds for every test: an environment without settings and proxies of the machine."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("BLOOIO_"):
            monkeypatch.delenv(name)
