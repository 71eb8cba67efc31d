# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Reaction(Model):
    """A tapback or an emoji on a message, and who reacted"""

    reaction: str
    """The reaction value. Classic tapbacks: love, like, dislike, laugh, emphasize, question. Emoji reactions: the
    emoji character (e.g. 😂, 👍)."""
    is_added: bool | None = None
    """Whether the reaction is currently active (true) or was removed (false)"""
    time_sent: datetime.datetime | None = None
    """Timestamp when the reaction was sent (ms)"""
    sender: str | None = None
    """Phone number or email of who sent the reaction. Null when the reaction was sent by you (outbound)."""
