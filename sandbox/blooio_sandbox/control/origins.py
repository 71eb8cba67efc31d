"""Protection of the control API, which needs no key, against pages of other sites."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blooio_sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_origin(headers: Mapping[str, str]) -> None:
    """Reject requests from pages of other sites.

    A browser sends `Origin` with every request that changes something. The name of a site that resolves to this
    machine (DNS rebinding) is in the `Host` header.

    Raises:
        ApiError: The request comes from another site (403).
    """
    host = headers.get("host")
    if host is not None and not is_address(host):
        raise ApiError(403, "The sandbox only answers to localhost or an IP address", "foreign_host")
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        raise ApiError(403, "The control API does not serve pages of other sites", "foreign_origin")


def is_address(host: str) -> bool:
    """Return whether a `Host` is `localhost` or an IP address, which no site can point at another machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
