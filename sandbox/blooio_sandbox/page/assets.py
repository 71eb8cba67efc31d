"""The page for a browser: static files, which talk only to the sandbox."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from blooio_sandbox.api.wire import RawResponse

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# Only the page's own scripts run; they can connect only to the sandbox, and cannot turn text into HTML.
_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "connect-src 'self'; "
    "img-src 'self' blob:; "
    "media-src 'self' blob:; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


def wants_page(record: RecordedRequest, path: str) -> bool:
    """Return whether a request comes from a browser that wants the page."""
    return record.method == "GET" and not path and "text/html" in record.headers.get("accept", "")


@cache
def page_response() -> RawResponse:
    """Return the page; it is read on first use."""
    response = _read("index.html")
    headers = {"content-security-policy": _POLICY, "referrer-policy": "same-origin", "vary": "accept"}
    return RawResponse(200, {**response.headers, **headers}, response.content)


@cache
def asset_response(name: str) -> RawResponse | None:
    """Return a file of the page, or None if there is none of this name."""
    return _read(name) if name in _names() else None


def _read(name: str) -> RawResponse:
    content = (files("blooio_sandbox.page") / "static" / name).read_bytes()
    return RawResponse(200, {"content-type": f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"}, content)


@cache
def _names() -> frozenset[str]:
    return frozenset(each.name for each in (files("blooio_sandbox.page") / "static").iterdir())
