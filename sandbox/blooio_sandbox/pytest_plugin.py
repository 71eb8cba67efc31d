"""Fixtures for tests against a local Blooio; they cost nothing where they are not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from blooio_client import AsyncBlooio, Blooio
    from blooio_sandbox import Sandbox


@pytest.fixture(scope="session", name="_blooio_sandbox_server")
def blooio_sandbox_server() -> Generator[Sandbox]:
    """One running sandbox for the whole test process."""
    from blooio_sandbox.extra import MISSING_EXTRA, is_installed

    if not is_installed():
        pytest.fail(MISSING_EXTRA, pytrace=False)
    from blooio_sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def blooio_sandbox(_blooio_sandbox_server: Sandbox) -> Sandbox:
    """A local Blooio that has forgotten every other test."""
    _blooio_sandbox_server.reset()
    return _blooio_sandbox_server


@pytest.fixture
def blooio(blooio_sandbox: Sandbox) -> Generator[Blooio]:
    """A client of the local Blooio."""
    from blooio_client import Blooio

    with Blooio(api_key=blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as client:
        yield client


@pytest.fixture
def async_blooio(blooio_sandbox: Sandbox) -> AsyncBlooio:
    """An asynchronous client of the local Blooio; its connections close with the event loop that used them."""
    from blooio_client import AsyncBlooio

    return AsyncBlooio(api_key=blooio_sandbox.api_key, base_url=blooio_sandbox.base_url)
