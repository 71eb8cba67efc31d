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
    """A message in a list of messages"""

    _identity: ClassVar[str | None] = "message_id"

    message_id: str
    """The message's id"""
    direction: Direction | None = None
    """`inbound` if you received the message, `outbound` if you sent it"""
    external_id: str | None = None
    """Phone number or email of the contact, or group ID for group messages"""
    internal_id: str | None = None
    """Organization phone number (from-number) used for this message"""
    text: str | None = None
    """The text; None if there is only an attachment"""
    attachments: list[Attachment] | None = None
    """The files of the message; empty if there are none"""
    sender: str | None = None
    """Sender's phone number or email for inbound group messages. Null for outbound messages and 1-1 chats."""
    reactions: list[Reaction] | None = None
    """Reactions on this message (tapbacks and emoji reactions)"""
    time_sent: datetime.datetime | None = None
    """When the message was sent"""
    time_delivered: datetime.datetime | None = None
    """When the message was delivered; None until then"""
    status: DeliveryStatus | None = None
    """The delivery status, such as `queued`, `sent`, `delivered`, `read` or `failed`"""
    protocol: Protocol | None = None
    """`imessage`, `sms` or `rcs`; `pending` until it is known, and `unknown` if it never becomes known"""
    error: str | None = None
    """Why the message failed; None if it did not"""
    formatted_text: str | None = None
    """The text as Markdown, if any of it is bold, italic, underlined or struck through"""
    reply_to: ReplyParent | None = None
    """The message that this one replies to"""
