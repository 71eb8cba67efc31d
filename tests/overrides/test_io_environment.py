"""Certificates and proxies from the environment; no test opens a connection."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from blooio_overrides._io import environment
from blooio_overrides.errors import InvalidArgumentError

BASE = "https://api.example/v2"


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    environment.tls.cache_clear()
    yield
    environment.tls.cache_clear()


@pytest.mark.parametrize(
    ("variables", "url", "expected"),
    [
        ({}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "https://proxy.example"}, BASE, "https://proxy.example"),
        ({"HTTPS_PROXY": ""}, BASE, None),
        ({"HTTP_PROXY": "http://proxy.example"}, BASE, None),
        ({"HTTP_PROXY": "http://proxy.example"}, "http://api.example", "http://proxy.example"),
        ({"ALL_PROXY": "http://a.example", "HTTPS_PROXY": "http://b.example"}, BASE, "http://b.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "api.example"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": ".example"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "other.example"}, BASE, "http://proxy.example"),
        ({"HTTP_PROXY": "http://proxy.example", "NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:8787", None),
    ],
)
def test_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, expected: str | None
) -> None:
    """The proxy is chosen by the usual variables, including NO_PROXY."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = environment.environment_proxy(url)

    assert expected == (None if proxy is None else bytes(proxy.url).decode().rstrip("/"))


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_the_proxy_of_the_system(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """System proxy settings are used if the environment has none."""
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": "http://proxy.example:3128"})
    monkeypatch.setattr(sys, "platform", platform)
    proxy = environment.environment_proxy(BASE)

    assert proxy is not None
    assert bytes(proxy.url) == b"http://proxy.example:3128/"


@pytest.mark.parametrize(
    "value",
    [
        "ftp://ann:canary@proxy.example",
        "http://proxy.example:port",
        "://",
        "http://",
        "http://[canary",
        f"http://{'x' * 64}.example",
    ],
)
def test_an_invalid_proxy_is_rejected(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """An invalid proxy raises an error that names the variable and shows no password."""
    monkeypatch.setenv("HTTPS_PROXY", value)

    with pytest.raises(InvalidArgumentError, match="HTTPS_PROXY") as caught:
        environment.environment_proxy(BASE)
    assert "canary" not in str(caught.value)


def test_a_proxy_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy's user name and password are decoded and removed from its URL."""
    monkeypatch.setenv("HTTPS_PROXY", "http://ann%40example.com:p%C3%A4ss%3A@proxy.example:3128")
    proxy = environment.environment_proxy(BASE)

    assert proxy is not None
    assert proxy.auth == (b"ann@example.com", "p\u00e4ss:".encode())
    assert bytes(proxy.url) == b"http://proxy.example:3128/"


@pytest.mark.parametrize("url", ["socks5://proxy.example", "socks5h://proxy.example:1080"])
def test_a_socks_proxy_needs_a_package(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A SOCKS proxy works if the package for it is installed; otherwise the error names the package."""
    monkeypatch.setenv("ALL_PROXY", url)
    monkeypatch.setattr(environment, "find_spec", dict[str, object]().get)
    with pytest.raises(InvalidArgumentError, match="pip install socksio"):
        environment.environment_proxy(BASE)
    monkeypatch.setattr(environment, "find_spec", {"socksio": object()}.get)

    proxy = environment.environment_proxy(BASE)
    assert proxy is not None
    assert (proxy.url.scheme, proxy.url.host) == (url.partition(":")[0].encode(), b"proxy.example")


def test_certificates_are_verified() -> None:
    """Certificates are verified, with one context for all clients."""
    context = environment.tls_for(BASE)

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context is environment.tls()


def test_the_certificate_of_a_proxy_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """A TLS proxy is verified against the same certificates."""
    monkeypatch.setenv("HTTP_PROXY", "https://proxy.example")
    proxy = environment.environment_proxy("http://api.example")

    assert proxy is not None
    assert proxy.ssl_context is environment.tls()


def test_plain_http_loads_no_certificates() -> None:
    """Plain http loads no certificates."""
    assert environment.tls_for("http://127.0.0.1:8787").cert_store_stats()["x509"] == 0
    assert environment.tls.cache_info().currsize == 0


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("names", ["nothing", "not a certificate"])
def test_a_variable_without_usable_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, names: str
) -> None:
    """The error names the variable to correct, instead of an ssl exception."""
    path = tmp_path / "authority.pem"
    if names == "not a certificate":
        path.write_text("not a certificate")
    monkeypatch.setenv(variable, str(path))

    with pytest.raises(InvalidArgumentError, match=variable):
        environment.tls()


@pytest.mark.parametrize("empty", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    """An empty variable counts as unset."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(empty, "")

    assert environment.tls().cert_store_stats()["x509_ca"] > 20


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, variable: str
) -> None:
    """Certificates set by the environment replace the default ones."""
    folder = tmp_path_factory.mktemp("authorities")
    trustme.CA().cert_pem.write_to_path(str(folder / "authority.pem"))
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    usual = environment.tls().cert_store_stats()["x509_ca"]
    environment.tls.cache_clear()
    monkeypatch.setenv(variable, str(folder / "authority.pem" if variable == "SSL_CERT_FILE" else folder))

    assert usual > 20
    assert environment.tls().cert_store_stats()["x509_ca"] == (
        1 if variable == "SSL_CERT_FILE" else 0
    )  # a folder is read lazily
