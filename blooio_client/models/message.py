# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.attachment import Attachment
from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..models.reaction import Reaction
from ..models.reply_parent import ReplyParent
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Message(Model):
    """A message of a chat, as lists of messages show it"""

    _identity: ClassVar[str | None] = "message_id"

    message_id: str
    direction: Direction | None = None
    external_id: str | None = None
    """Phone number or email of the contact, or group ID for group messages"""
    internal_id: str | None = None
    """Organization phone number (from-number) used for this message"""
    text: str | None = None
    attachments: list[Attachment] | None = None
    sender: str | None = None
    """Sender's phone number or email for inbound group messages. Null for outbound messages and 1-1 chats."""
    reactions: list[Reaction] | None = None
    """Reactions on this message (tapbacks and emoji reactions)"""
    time_sent: datetime.datetime | None = None
    time_delivered: datetime.datetime | None = None
    status: DeliveryStatus | None = None
    protocol: Protocol | None = None
    error: str | None = None
    formatted_text: str | None = None
    """The text as Markdown, if any of it is bold, italic, underlined or struck through"""
    reply_to: ReplyParent | None = None
    """The message that this one replies to"""
