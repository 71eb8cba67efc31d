# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class MessageStatus(Model):
    """The status of a message: queued, sent, delivered, read or failed, and why it failed"""

    _identity: ClassVar[str | None] = "message_id"

    message_id: str
    """The message's id"""
    chat_id: str | None = None
    """The chat: a phone number, an email address or a group id"""
    direction: Direction | None = None
    """`inbound` if you received the message, `outbound` if you sent it"""
    status: DeliveryStatus | None = None
    """The delivery status, such as `queued`, `sent`, `delivered`, `read` or `failed`"""
    protocol: Protocol | None = None
    """`imessage`, `sms` or `rcs`; `pending` until it is known, and `unknown` if it never becomes known"""
    time_sent: datetime.datetime | None = None
    """When the message was sent"""
    time_delivered: datetime.datetime | None = None
    """When the message was delivered; None until then"""
    error: str | None = None
    """Why the message failed; None if it did not"""
