from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from blooio_client import models
from blooio_client.types import OpenEnum

if TYPE_CHECKING:
    from collections.abc import Callable

ENUMS: dict[str, type[OpenEnum]] = {
    name: getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "is_known")
}


@pytest.mark.parametrize("name", ENUMS)
def test_enum(document: Any, name: str) -> None:
    """An enum has the documented values, and each equals its string."""
    enum = ENUMS[name]

    assert {member.value for member in enum} == set(document["components"]["schemas"][name]["enum"])
    assert all(enum(member.value) is member and member.is_known for member in enum)


@pytest.mark.parametrize("value", ["sideways", "", "INBOUND", "é\ud800"])
def test_unknown_value(value: str, duplicate: Callable[[Any], Any]) -> None:
    """An unknown value is kept: it equals its string, and can be copied, pickled and serialized."""
    direction = models.Direction(value)

    assert direction == value
    assert str(direction) == value
    assert hash(direction) == hash(value)
    assert not direction.is_known
    assert isinstance(direction, models.Direction)
    assert duplicate(direction) == direction
    assert type(duplicate(direction)) is models.Direction
    assert json.dumps({"direction": direction}) == json.dumps({"direction": value})
    assert direction not in list(models.Direction)
    assert models.Message.from_dict({"direction": value}).direction == value
    assert models.Message.from_dict({"direction": value}).to_dict() == {"direction": value}


def test_enum_rejects_other_types() -> None:
    """Only a string can be an unknown value; any other type raises an error."""
    with pytest.raises(ValueError, match="5 is not a valid Direction"):
        ENUMS["Direction"](5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
