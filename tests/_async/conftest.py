"""Clients of the sandbox and of a stub server, whose responses each test defines."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio
from blooio_sandbox import Sandbox


@pytest.fixture
async def client(blooio_sandbox: Sandbox) -> AsyncIterator[AsyncBlooio]:
    """A client of the sandbox."""
    async with AsyncBlooio(blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as opened:
        yield opened


@pytest.fixture
async def stub(httpserver: HTTPServer) -> AsyncIterator[AsyncBlooio]:
    """A client of the stub server."""
    async with AsyncBlooio("stub-key", base_url=httpserver.url_for("/v2/api")) as opened:
        yield opened
