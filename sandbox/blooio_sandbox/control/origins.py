"""Protection of the control API, which needs no key, against pages of other sites."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blooio_sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def check_host(headers: Mapping[str, str], allowed: Collection[str]) -> None:
    """Reject requests to a name that is not the sandbox's own.

    The API key is public, so without this a site whose name resolves to this machine (DNS rebinding) could read
    everything.

    Raises:
        ApiError: The `Host` is not `localhost`, an IP address or an allowed name (403).
    """
    host = headers.get("host")
    if host is not None and not (is_address(host) or _name_of(host) in allowed):
        message = "The sandbox only accepts requests to localhost, IP addresses, and names given with --allow-host"
        raise ApiError(403, message, "foreign_host")


def check_origin(headers: Mapping[str, str]) -> None:
    """Reject requests from pages of other sites.

    A browser sends `Origin` with every request that changes something.

    Raises:
        ApiError: The request comes from another site (403).
    """
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        raise ApiError(403, "The control API does not serve pages of other sites", "foreign_origin")


@lru_cache(maxsize=64)
def is_address(host: str) -> bool:
    """Return whether a `Host` is `localhost` or an IP address, which no site can point at another machine."""
    try:
        name = _name_of(host)
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
