# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class ReplyTarget(Model):
    """The message to reply to: an iMessage in the same chat, at most 30 days old"""

    message_id: str | Unset = UNSET
    """The id of the message"""
    guid: str | Unset = UNSET
    """The iMessage GUID of the message, instead of its id"""
    part_index: int | Unset = UNSET
    """The part of the message to reply to; only with a guid"""
