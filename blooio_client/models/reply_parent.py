# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ReplyParent(Model):
    """The message that this one replies to"""

    message_id: str | None = None
    """The id of the message; None if Blooio does not know it"""
    guid: str | None = None
    """The iMessage GUID of the message"""
    part_index: int | None = None
    """The part of the message that was replied to; 0 is the first"""
