# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..models.direction import Direction
from ..types import (
    UNSET,
    Codec,
    Members,
    Model,
    Required,
    Unset,
    read_generally,
)

_direction = Members(Direction)


@define(kw_only=True, eq=False, repr=False)
class ReactionRequest(Model):
    """ReactionRequest, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"direction": Direction}
    _required: ClassVar[Required] = {"reaction": None}
    _absent: ClassVar[Any] = UNSET

    reaction: str
    """The reaction to add or remove. Must be prefixed with `+` to add or `-` to remove.

    **Classic tapbacks:** `+love`, `-love`, `+like`, `-like`, `+dislike`, `-dislike`, `+laugh`, `-laugh`,
    `+emphasize`, `-emphasize`, `+question`, `-question`

    **Emoji reactions:** Any emoji prefixed with `+` or `-` (e.g. `+😂`, `-😂`, `+👍`, `-🔥`). Emoji reactions require
    macOS 14 (Sonoma) or later on the device."""
    direction: Direction | str | Unset = UNSET
    """Filter by message direction (only used when messageId is a relative index like -1, -2)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.reaction = get("reaction", UNSET)
        try:
            model.direction = _direction[get("direction", UNSET)]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
