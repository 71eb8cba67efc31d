# Derived from ../_async/conftest.py by `make derive`. Do not edit.
"""The client of the local Blooio, and one of a server that answers as a test tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_sandbox import Sandbox


@pytest.fixture
def client(blooio_sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the local Blooio."""
    with Blooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as opened:
        yield opened


@pytest.fixture
def stub(httpserver: HTTPServer) -> Iterator[Blooio]:
    """A client of the server that answers as the test tells it."""
    with Blooio("stub-key", base_url=httpserver.url_for("/v2/api")) as opened:
        yield opened
