# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.direction import Direction
from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class ReactionRequest(Model):
    """Body of addReaction: Add or remove a reaction."""

    reaction: str
    """The reaction to add or remove. Must be prefixed with `+` to add or `-` to remove.

    **Classic tapbacks:** `+love`, `-love`, `+like`, `-like`, `+dislike`, `-dislike`, `+laugh`, `-laugh`,
    `+emphasize`, `-emphasize`, `+question`, `-question`

    **Emoji reactions:** Any emoji prefixed with `+` or `-` (e.g. `+😂`, `-😂`, `+👍`, `-🔥`). Emoji reactions require
    macOS 14 (Sonoma) or later on the device."""
    direction: Direction | str | Unset = UNSET
    """Filter by message direction (only used when messageId is a relative index like -1, -2)"""
