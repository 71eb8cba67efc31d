"""Checks of the options of a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_of(name: str, value: Any, values: tuple[Any, ...]) -> Any:
    """Return one of the values of an option.

    Raises:
        ValueError: It is another value.
    """
    if value not in values:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, values))}, not {value!r}")
    return value


def several(name: str, values: Iterable[str]) -> Iterable[str]:
    """Return the strings of an option.

    Raises:
        ValueError: It is a single string, whose letters would be the items.
    """
    if isinstance(values, str):
        raise ValueError(f"{name} must be a list, such as [{values!r}]")  # noqa: TRY004 - as for any other value
    return values


def limit(name: str, value: Any) -> int | None:
    """Return a limit; None means unlimited.

    Raises:
        ValueError: It is negative, or not a whole number.
    """
    if value is None or (isinstance(value, int) and value >= 0):
        return value
    raise ValueError(f"{name} must be a whole number >= 0, or None")
