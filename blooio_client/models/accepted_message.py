# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.send_status import SendStatus
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class AcceptedMessage(Model):
    """Response after sending a message"""

    message_id: str | None = None
    """ID of the sent message (single-message sends)"""
    message_ids: list[str] | None = None
    """IDs of sent messages. Present when `text` is an array or when `parts` uses per-part `link_preview` (URL-balloon
    batch mode)."""
    count: int | None = None
    """Number of messages sent. Only present in URL-balloon batch mode."""
    status: SendStatus | None = None
    """Initial status of the message(s)"""
    group_id: str | None = None
    """Group ID when sending to multi-recipient (new or existing)"""
    group_created: bool | None = None
    """True if a new unnamed group was created for this multi-recipient message"""
    participants: list[str] | None = None
    """List of participants (present for multi-recipient)"""
    parent_unresolved: bool | None = None
    """True if Blooio does not know the message with the GUID in reply_to; this one was sent anyway"""
