"""What connections are made with: certificates, the proxy of the environment, how many there are."""

from __future__ import annotations

import os
import ssl
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpcore

from blooio_overrides.arguments import refuse

from .._call.settings import is_loopback

# The connections of one client: as many as there are calls at once, most of them kept for the next call.
MOST_CONNECTIONS: Final = 1000
MOST_IDLE_CONNECTIONS: Final = 100
LONGEST_IDLE: Final = 5.0


def environment_proxy(base_url: str) -> httpcore.Proxy | None:
    """Return the proxy that the environment names for a URL, as other programs read it.

    Raises:
        InvalidArgumentError: It is no URL of a proxy, or one that needs a package which is not installed.
    """
    parts = urlsplit(base_url)
    # In the clear, the key may go to loopback only: a proxy elsewhere would get to see it.
    if not _may_name_a_proxy() or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return None
    if not _proxy_url(parts.scheme) or _is_bypassed(parts.netloc):
        return None
    names = f"the proxy that the environment names ({parts.scheme.upper()}_PROXY or ALL_PROXY)"
    proxy = _proxy(parts.scheme)
    if proxy is None:
        refuse(f"{names} is no http, https or socks5 URL; correct the variable")
    if proxy.url.scheme.startswith(b"socks5") and find_spec("socksio") is None:
        refuse(f"{names} speaks SOCKS, which needs a further package: pip install socksio")
    return proxy


def _may_name_a_proxy() -> bool:
    """Whether there may be a proxy: most systems name theirs in the environment only, and to read all takes 2.6 MB."""
    return sys.platform in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in os.environ)


def _is_bypassed(host: str) -> bool:
    from urllib.request import proxy_bypass

    return bool(proxy_bypass(host))


def _proxy_url(scheme: str) -> str:
    from urllib.request import getproxies

    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all") or ""


def _proxy(scheme: str) -> httpcore.Proxy | None:
    """Return the proxy; nothing that raises has its URL, with the password in it, in a local variable."""
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
    """The one TLS context of the process: it takes long to make, and every transport can share it."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    return httpcore.default_ssl_context()


def pool_options(base_url: str) -> dict[str, Any]:
    """What the connections to a URL are made with; plain http needs no certificates to be loaded."""
    return {
        "ssl_context": tls() if base_url.startswith("https:") else None,
        "proxy": environment_proxy(base_url),
        "max_connections": MOST_CONNECTIONS,
        "max_keepalive_connections": MOST_IDLE_CONNECTIONS,
        "keepalive_expiry": LONGEST_IDLE,
    }
