# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.chat import Chat
from ..models.pagination import Pagination
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ChatList(Model):
    """Response of listChats: List chats."""

    chats: list[Chat]
    """The chats of this page"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
