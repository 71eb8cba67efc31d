# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.message import Message
from ..models.pagination import Pagination
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class MessageList(Model):
    """Response of listChatMessages: List messages in a chat."""

    messages: list[Message]
    """The messages of this page"""
    chat_id: str | None = None
    """The chat: a phone number, an email address or a group id"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
