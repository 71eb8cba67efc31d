"""Engines of SQLAlchemy whose errors show no password, not even to reporters that record local variables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

UNENCODED: Final = "url has an unencoded @ in its password; write %40 instead"
TIMEOUTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,  # milliseconds; while data is unconfirmed, no keepalives are sent
    }
)
"""Arguments of psycopg: a machine or server that disappears must hold neither locks nor threads for long."""


def has_unencoded_password(url: URL) -> bool:
    """Return whether the host begins with part of the password, which the error of a connection would show."""
    return "@" in (url.host or "")


def server_engine(url: URL, **options: Any) -> Engine:
    """Return an engine for a database on a server.

    Args:
        url: The URL.
        options: Further arguments for `sqlalchemy.create_engine`.
    """
    import sqlalchemy

    password = url.query.get("password")
    if isinstance(password, str):  # the repr of an engine would show it
        url = url.set(password=password).difference_update_query(["password"])
    # SQLAlchemy's own function has the password in a local variable while it connects.
    options = {**options, "hide_parameters": True, "creator": lambda: _connection(engine)}
    engine: Engine = sqlalchemy.create_engine(url, **options)
    return engine


def _connection(engine: Engine) -> Any:
    made = _attempt(engine)
    if isinstance(made, Exception):
        raise made
    return made


def _attempt(engine: Engine) -> Any:
    """Return a connection of the driver, or its error without causes and frames, which hold the password."""
    arguments, parameters = engine.dialect.create_connect_args(engine.url)
    timeouts: Mapping[str, Any] = TIMEOUTS if engine.dialect.driver == "psycopg" else {}
    try:
        return engine.dialect.connect(*arguments, **{**timeouts, **parameters})
    except Exception as error:  # noqa: BLE001 - the caller raises it
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
