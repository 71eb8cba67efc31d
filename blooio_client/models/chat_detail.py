# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.chat_type import ChatType
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Nested,
    Required,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.contact_ref import ContactRef
    from ..models.last_message import LastMessage

_chat_type = Members(ChatType)


@define(kw_only=True, eq=False, repr=False)
class ChatDetail(Model):
    """ChatDetail, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "type": ChatType,
        "contact": Nested("ContactRef"),
        "first_message_time": Moment("milliseconds"),
        "last_message_time": Moment("milliseconds"),
        "last_inbound_time": Moment("milliseconds"),
        "last_outbound_time": Moment("milliseconds"),
        "last_message": Nested("LastMessage"),
    }
    _required: ClassVar[Required] = {"id": None}

    id: str
    """Chat identifier (phone number, email, or group ID)"""
    type: ChatType | None = None
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
    inbound_count: int | None = None
    outbound_count: int | None = None
    first_message_time: datetime.datetime | None = None
    last_message_time: datetime.datetime | None = None
    last_inbound_time: datetime.datetime | None = None
    last_outbound_time: datetime.datetime | None = None
    last_message: LastMessage | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.id = get("id")
        model.is_group = get("is_group")
        model.group_id = get("group_id")
        model.group_name = get("group_name")
        model.member_count = get("member_count")
        model.message_count = get("message_count")
        model.inbound_count = get("inbound_count")
        model.outbound_count = get("outbound_count")
        try:
            model.type = _chat_type[get("type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
