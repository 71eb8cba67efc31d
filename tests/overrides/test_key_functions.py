"""Functions that return the API key, sync and async."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio, Blooio
from blooio_client.errors import InvalidArgumentError
from blooio_overrides._call.settings import hidden


async def key_later() -> str:
    """Return a key, like a vault's async client."""
    await asyncio.sleep(0)
    return "from-vault"


def test_an_async_client_awaits_its_key(httpserver: HTTPServer) -> None:
    """An async client accepts a coroutine function."""
    httpserver.expect_request("/me").respond_with_json({"organization_id": "org_1"})

    async def asks() -> None:
        async with AsyncBlooio(key_later, base_url=httpserver.url_for("/")) as client:
            await client.me()

    asyncio.run(asks())

    assert httpserver.log[0][0].headers["Authorization"] == "Bearer from-vault"


def test_a_sync_client_rejects_an_async_function(httpserver: HTTPServer) -> None:
    """The error suggests AsyncBlooio, nothing is sent, and no coroutine is left unawaited."""
    never: Any = key_later
    with (
        Blooio(never, base_url=httpserver.url_for("/")) as client,
        pytest.raises(InvalidArgumentError, match="use AsyncBlooio"),
    ):
        client.me()

    assert httpserver.log == []


def test_a_function_is_hidden() -> None:
    """The repr of a hidden partial does not show its arguments."""
    assert "canary" not in repr(hidden(functools.partial(str, "canary-key")))
