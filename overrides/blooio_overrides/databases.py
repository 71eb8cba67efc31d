"""Engines of SQLAlchemy whose errors show no password, not even to reporters that record local variables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

UNENCODED: Final = "url has an unencoded @ in its password; write %40 instead"
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def has_unencoded_password(url: URL) -> bool:
    """Return whether the host begins with part of the password, which the error of a connection would show."""
    return "@" in (url.host or "")


def server_engine(url: URL, connect_args: Mapping[str, Any] = _NONE, **options: Any) -> Engine:
    """Return an engine for a database on a server.

    Args:
        url: The URL.
        connect_args: Further arguments for the driver.
        options: Further arguments for `sqlalchemy.create_engine`.
    """
    import sqlalchemy

    password = url.query.get("password")
    if isinstance(password, str):  # the repr of an engine would show it
        url = url.set(password=password).difference_update_query(["password"])
    # SQLAlchemy's own function has the password in a local variable while it connects.
    options = {**options, "hide_parameters": True, "creator": lambda: _connection(engine, connect_args)}
    engine: Engine = sqlalchemy.create_engine(url, **options)
    return engine


def _connection(engine: Engine, connect_args: Mapping[str, Any]) -> Any:
    made = _attempt(engine, connect_args)
    if isinstance(made, Exception):
        raise made
    return made


def _attempt(engine: Engine, connect_args: Mapping[str, Any]) -> Any:
    """Return a connection of the driver, or its error without causes and frames, which hold the password."""
    arguments, parameters = engine.dialect.create_connect_args(engine.url)
    try:
        return engine.dialect.connect(*arguments, **parameters, **connect_args)
    except Exception as error:  # noqa: BLE001 - the caller raises it
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
