# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.chat_type import ChatType
from ..models.contact_ref import ContactRef
from ..models.last_message import LastMessage
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Chat(Model):
    """A conversation with a person or a group, in a list of chats"""

    _identity: ClassVar[str | None] = "id"

    id: str
    """Chat identifier (phone number, email, or group ID)"""
    type: ChatType | None = None
    """`group` or a single person"""
    is_group: bool | None = None
    """Whether this is a group chat"""
    group_id: str | None = None
    """Group ID (only for group chats)"""
    group_name: str | None = None
    """Group name (only for group chats)"""
    member_count: int | None = None
    """Number of members (only for group chats)"""
    contact: ContactRef | None = None
    """Contact info (only for non-group chats)"""
    message_count: int | None = None
    """The number of messages in the chat"""
    inbound_count: int | None = None
    """The number of messages that you received in this chat"""
    outbound_count: int | None = None
    """The number of messages that you sent in this chat"""
    last_message_time: datetime.datetime | None = None
    """When the newest message was sent"""
    last_inbound_time: datetime.datetime | None = None
    """When you last received a message in this chat"""
    last_outbound_time: datetime.datetime | None = None
    """When you last sent a message in this chat"""
    last_message: LastMessage | None = None
    """The newest message"""
    background_url: str | None = None
    """The URL of the chat's background, if it was set through the API"""
    background_id: str | None = None
    """The id of the chat's background"""
