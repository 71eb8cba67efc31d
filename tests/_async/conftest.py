"""The client of the local Blooio, and one of a server that answers as a test tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio
from blooio_sandbox import Sandbox


@pytest.fixture
async def client(blooio_sandbox: Sandbox) -> AsyncIterator[AsyncBlooio]:
    """A client of the local Blooio."""
    async with AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as opened:
        yield opened


@pytest.fixture
async def stub(httpserver: HTTPServer) -> AsyncIterator[AsyncBlooio]:
    """A client of the server that answers as the test tells it."""
    async with AsyncBlooio("stub-key", base_url=httpserver.url_for("/v2/api")) as opened:
        yield opened
