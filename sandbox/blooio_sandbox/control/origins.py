"""Who may use the control API, which asks for no key: programs of this machine, and the sandbox's own page."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blooio_sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse what a page of another site asks for.

    A browser names the page's origin with everything that changes something; and a name that a site has made to lead
    to this machine stands in the header `Host`.

    Raises:
        ApiError: The request comes from elsewhere (403).
    """
    host = headers.get("host")
    if host is not None and not is_address(host):
        raise ApiError(403, "The control API responses under localhost or an IP address only", "foreign_host")
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        raise ApiError(403, "The control API does nothing for pages of other sites", "foreign_origin")


def is_address(host: str) -> bool:
    """Say whether a `Host` is `localhost` or an IP address: what no site can give to a machine of its choice."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
