"""Keep httpx and httpcore from logging the contents of our requests."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

request: ContextVar[Any] = ContextVar("blooio_request")
"""Set while a request of ours is in progress."""

# These log the URL of a request, or each of its headers.
_TELLING: Final = ("httpx", "httpx2", "hpack", "hpack.hpack", "hpack.table")
# These log response headers, malformed bytes, and proxy passwords.
_STEPPING: Final = tuple(
    f"{package}.{name}"
    for package in ("httpcore", "httpcore2")
    for name in ("connection", "http11", "http2", "proxy", "socks")
)


def _drop(record: logging.LogRecord) -> bool:
    """Drop log records of our own requests."""
    del record
    return request.get(None) is None


def _keep_only_step(record: logging.LogRecord) -> bool:
    """Reduce log records of our own requests to the name of the step."""
    if request.get(None) is not None:
        record.msg, record.args = record.getMessage().partition(" ")[0], None
    return True


@cache
def silence() -> None:
    """Keep httpx and httpcore from logging the contents of our requests; other requests are logged as usual."""
    for name in _TELLING:
        logging.getLogger(name).addFilter(_drop)
    for name in _STEPPING:
        logging.getLogger(name).addFilter(_keep_only_step)
