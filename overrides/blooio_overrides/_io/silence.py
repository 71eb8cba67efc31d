"""Keep what sends our requests from logging what is in them."""

from __future__ import annotations

import logging
from functools import cache
from typing import Final

from .wire import current

# What tells the URL of a request, or each of its headers.
_TELLING: Final = ("httpx", "httpx2", "hpack", "hpack.hpack", "hpack.table")
# What tells the headers of the response, what could not be read, and passwords of proxies.
_STEPPING: Final = tuple(
    f"{package}.{name}"
    for package in ("httpcore", "httpcore2")
    for name in ("connection", "http11", "http2", "proxy", "socks")
)


def _keep_quiet(record: logging.LogRecord) -> bool:
    """Drop a record of a request of ours."""
    del record
    return current.get(None) is None


def _name_the_step(record: logging.LogRecord) -> bool:
    """Leave of a record of a request of ours the name of the step."""
    if current.get(None) is not None:
        record.msg, record.args = record.getMessage().partition(" ")[0], None
    return True


@cache
def silence() -> None:
    """Keep what sends our requests from logging what is in them; elsewhere it logs as ever."""
    for name in _TELLING:
        logging.getLogger(name).addFilter(_keep_quiet)
    for name in _STEPPING:
        logging.getLogger(name).addFilter(_name_the_step)
