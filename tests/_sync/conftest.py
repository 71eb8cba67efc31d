# Derived from ../_async/conftest.py by `make derive`. Do not edit.
"""Clients of the sandbox and of a stub server, whose responses each test defines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_sandbox import Sandbox


@pytest.fixture
def client(blooio_sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the sandbox."""
    with Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as opened:
        yield opened


@pytest.fixture
def stub(httpserver: HTTPServer) -> Iterator[Blooio]:
    """A client of the stub server."""
    with Blooio("stub-key", base_url=httpserver.url_for("/v2/api")) as opened:
        yield opened
