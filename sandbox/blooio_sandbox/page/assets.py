"""The page that shows the sandbox to people: one file, which asks nobody but the control API."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from blooio_sandbox.api.wire import RawResponse

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest


def wants_page(record: RecordedRequest, path: str) -> bool:
    """Say whether a request of the control API is that of a browser for the page."""
    return record.method == "GET" and not path and "text/html" in record.headers.get("accept", "")


@cache
def page_response() -> RawResponse:
    """Return the page; it is read when somebody looks at it for the first time."""
    text = files("blooio_sandbox").joinpath("page.html").read_text("utf-8")
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _policy(text),
        "referrer-policy": "same-origin",
        "vary": "accept",
    }
    return RawResponse(200, headers, text.encode())


def _policy(text: str) -> str:
    # Nothing runs but the page's own script, which may ask nobody but the sandbox and cannot turn text into HTML.
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hash_of('script', text)}",
            f"style-src {_hash_of('style', text)}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _hash_of(element: str, text: str) -> str:
    (content,) = re.findall(f"<{element}>(.*?)</{element}>", text, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
