# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..models.reaction_action import ReactionAction
from ..types import (
    Codec,
    Members,
    Model,
    read_generally,
)

_reaction_action = Members(ReactionAction)


@define(kw_only=True, eq=False, repr=False)
class ReactionChange(Model):
    """ReactionChange, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"action": ReactionAction}

    success: bool | None = None
    """Whether the reaction was sent successfully"""
    message_id: str | None = None
    """The ID of the message that was reacted to"""
    reaction: str | None = None
    """The reaction that was added or removed. For classic tapbacks: love, like, dislike, laugh, emphasize, question.
    For emoji reactions: the emoji character (e.g. 😂, 👍, 🔥)."""
    action: ReactionAction | None = None
    """The action that was performed"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.success = get("success")
        model.message_id = get("message_id")
        model.reaction = get("reaction")
        try:
            model.action = _reaction_action[get("action")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
