"""TLS: certificates are verified with the CAs that the environment trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import server_context
from wire import Wire, json_response

from blooio_client import AsyncBlooio
from blooio_client.errors import ConnectionFailedError, InvalidArgumentError
from blooio_overrides._io import environment

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Wire]:
    """A server whose certificate authority is not trusted yet."""
    context = server_context(tmp_path)
    with Wire(lambda exchange: exchange.write(json_response(b'{"id": "x"}')), tls=context) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    environment.tls.cache_clear()
    yield
    environment.tls.cache_clear()


async def test_a_trusted_certificate(server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CA set in the environment is trusted, and the deadline applies over TLS, too."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    async with AsyncBlooio("key", base_url=server.url) as client:
        chat = await client.chat(PHONE).get()

    assert chat.id == "x"


async def test_an_untrusted_certificate(server: Wire) -> None:
    """A call fails before the key or the message is sent."""
    async with AsyncBlooio("key", base_url=server.url, max_retries=0) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            await client.chat(PHONE).send("Hello")

    assert caught.value.sent is False
    assert server.requests == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_variable_with_a_missing_file(
    server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The error names the variable, and nothing is sent; with the variable corrected, the same client works."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    async with AsyncBlooio("key", base_url=server.url) as client:
        with monkeypatch.context() as wrong:
            wrong.setenv(variable, str(tmp_path / "missing"))
            with pytest.raises(InvalidArgumentError, match=variable):
                await client.chat(PHONE).send("Hello")

        assert server.requests == []
        assert (await client.chat(PHONE).get()).id == "x"


async def test_an_empty_folder_variable_counts_as_unset(
    server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an empty SSL_CERT_DIR, the CA of SSL_CERT_FILE is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", "")
    async with AsyncBlooio("key", base_url=server.url) as client:
        assert (await client.chat(PHONE).get()).id == "x"
