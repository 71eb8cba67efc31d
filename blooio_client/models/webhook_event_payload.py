# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..models.attachment import Attachment
from ..models.contact_ref import ContactRef
from ..models.delivery_status import DeliveryStatus
from ..models.protocol import Protocol
from ..models.reply_parent import ReplyParent
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookEventPayload(Model):
    """Webhook event payload. Structure varies by event type. All message events include group information when
    applicable."""

    event: str | None = None
    """Event type (e.g., message.received, message.sent, message.delivered, message.failed, message.read)"""
    message_id: str | None = None
    """Unique message identifier"""
    external_id: str | None = None
    """Recipient identifier (phone number, email, or group ID)"""
    status: DeliveryStatus | None = None
    """Message status"""
    protocol: Protocol | None = None
    """Message protocol"""
    timestamp: datetime.datetime | None = None
    """Event timestamp in milliseconds"""
    internal_id: str | None = None
    """Phone number that sent/received the message"""
    text: str | None = None
    """Message text content"""
    attachments: list[Attachment] | None = None
    """Array of attachment objects"""
    is_group: bool | None = None
    """Whether this message is from/to a group chat. Always present."""
    group_id: str | None = None
    """Group ID (only present when is_group=true)"""
    group_name: str | None = None
    """Group display name (only present when is_group=true)"""
    participants: list[ContactRef] | None = None
    """Array of group participants (only present when is_group=true)"""
    sender: str | None = None
    """Sender identifier (for inbound messages)"""
    sent_at: datetime.datetime | None = None
    """Timestamp when message was sent (for message.sent events)"""
    delivered_at: datetime.datetime | None = None
    """Timestamp when message was delivered (for message.delivered events)"""
    read_at: datetime.datetime | None = None
    """Timestamp when message was read (for message.read events)"""
    error_code: str | None = None
    """Error code (for message.failed events)"""
    error_message: str | None = None
    """Error description (for message.failed events)"""
    formatted_text: str | None = None
    """The text as Markdown, if any of it is bold, italic, underlined or struck through"""
    reply_to: ReplyParent | None = None
    """The message that this one replies to"""
