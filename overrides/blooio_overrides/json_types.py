"""Which kind of JSON value something is, told in a way that type checkers understand."""

from __future__ import annotations

from typing import Any, TypeGuard

from blooio_client.types import JsonObject


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is a list."""
    return isinstance(value, list)
