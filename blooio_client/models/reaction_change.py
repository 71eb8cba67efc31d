# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.reaction_action import ReactionAction
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ReactionChange(Model):
    """Response of addReaction: Add or remove a reaction."""

    success: bool | None = None
    """Whether the reaction was sent successfully"""
    message_id: str | None = None
    """The ID of the message that was reacted to"""
    reaction: str | None = None
    """The reaction that was added or removed. For classic tapbacks: love, like, dislike, laugh, emphasize, question.
    For emoji reactions: the emoji character (e.g. 😂, 👍, 🔥)."""
    action: ReactionAction | None = None
    """The action that was performed"""
