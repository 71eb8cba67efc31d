"""The certificates and the proxy that the environment configures."""

from __future__ import annotations

import os
import ssl
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpcore

from blooio_overrides.arguments import reject

from .._call.settings import is_loopback


def environment_proxy(base_url: str) -> httpcore.Proxy | None:
    """Return the proxy that the environment configures for a URL.

    Raises:
        InvalidArgumentError: It is not a proxy URL, or it needs a package that is not installed.
    """
    parts = urlsplit(base_url)
    # Plain http is allowed for loopback only: a remote proxy would see the key.
    if not _may_name_a_proxy() or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return None
    if not _proxy_url(parts.scheme) or _is_bypassed(parts.netloc):
        return None
    names = f"the proxy in the environment ({parts.scheme.upper()}_PROXY or ALL_PROXY)"
    proxy = _proxy(parts.scheme)
    if proxy is None:
        reject(f"{names} is not an http, https or socks5 URL; correct the variable")
    if proxy.url.scheme.startswith(b"socks5") and find_spec("socksio") is None:
        reject(f"{names} is a SOCKS proxy, which needs another package: pip install socksio")
    return proxy


def _may_name_a_proxy() -> bool:
    """Whether a proxy may be configured. Most systems use the environment only, and the full lookup takes 2.6 MB."""
    return sys.platform in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in os.environ)


def _is_bypassed(host: str) -> bool:
    from urllib.request import proxy_bypass

    return bool(proxy_bypass(host))


def _proxy_url(scheme: str) -> str:
    from urllib.request import getproxies

    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all") or ""


def _proxy(scheme: str) -> httpcore.Proxy | None:
    """Return the proxy. No function that raises holds its URL, which may contain a password, in a local variable."""
    url = _proxy_url(scheme)
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = (parts.hostname or "").encode("idna"), parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in ("http", "https", "socks5", "socks5h"):
        return None
    return httpcore.Proxy(
        httpcore.URL(scheme=parts.scheme, host=host, port=port, target="/"),
        auth=None if parts.username is None else (_part(parts.username), _part(parts.password or "")),
        ssl_context=tls() if parts.scheme == "https" else None,
    )


def _part(quoted: str) -> bytes:
    return unquote(quoted).encode()


@cache
def tls() -> ssl.SSLContext:
    """Return the TLS context of the process: creating one is slow, and all connections can share it.

    Raises:
        InvalidArgumentError: SSL_CERT_FILE or SSL_CERT_DIR names nothing usable.
    """
    file, folder = os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None
    if folder is not None and not any(
        Path(each).is_dir() for each in folder.split(os.pathsep)
    ):  # OpenSSL would silently trust no certificate
        reject("SSL_CERT_DIR must name an existing folder of certificates; correct or unset the variable")
    if file is None and folder is None:
        return httpcore.default_ssl_context()
    context = _trusting(file, folder)
    if context is None:
        reject("SSL_CERT_FILE must name a readable file of PEM certificates; correct or unset the variable")
    return context


def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext | None:
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except OSError:  # ssl.SSLError is one, too
        return None


def tls_for(base_url: str) -> ssl.SSLContext:
    """Return the TLS context for a URL; for plain http, a cheap one that is never used."""
    return tls() if base_url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
