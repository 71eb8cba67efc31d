# Derived from ../_async/test_tls.py by `make derive`. Do not edit.
"""TLS: certificates are verified with the CAs that the environment trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import server_context
from wire import Wire, json_response

from blooio_client import Blooio
from blooio_client.errors import ConnectionFailedError, InvalidArgumentError
from blooio_overrides._io import environment

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


def test_a_trusted_certificate(server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CA set in the environment is trusted, and the deadline applies over TLS, too."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with Blooio("key", base_url=server.url) as client:
        chat = client.chat(PHONE).get()

    assert chat.id == "x"


def test_an_untrusted_certificate(server: Wire) -> None:
    """A call fails before the key or the message is sent."""
    with Blooio("key", base_url=server.url, max_retries=0) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            client.chat(PHONE).send("Hello")

    assert caught.value.sent is False
    assert server.requests == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_variable_with_a_missing_file(
    server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The error names the variable, and nothing is sent; with the variable corrected, the same client works."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with Blooio("key", base_url=server.url) as client:
        with monkeypatch.context() as wrong:
            wrong.setenv(variable, str(tmp_path / "missing"))
            with pytest.raises(InvalidArgumentError, match=variable):
                client.chat(PHONE).send("Hello")

        assert server.requests == []
        assert (client.chat(PHONE).get()).id == "x"


def test_an_empty_folder_variable_counts_as_unset(
    server: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an empty SSL_CERT_DIR, the CA of SSL_CERT_FILE is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", "")
    with Blooio("key", base_url=server.url) as client:
        assert (client.chat(PHONE).get()).id == "x"
