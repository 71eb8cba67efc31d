# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.direction import Direction
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Required,
    read_generally,
)

_direction = Members(Direction)


@define(kw_only=True, eq=False, repr=False)
class Group(Model):
    """Group, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "last_message_time": Moment("milliseconds"),
        "last_message_direction": Direction,
        "created_at": Moment("milliseconds"),
    }
    _required: ClassVar[Required] = {"group_id": None}

    group_id: str
    name: str | None = None
    """Group name. Null for unnamed groups."""
    chat_guid: str | None = None
    """BlueBubbles chat GUID if linked to a device group chat"""
    icon_url: str | None = None
    """URL of the group icon/photo"""
    member_count: int | None = None
    message_count: int | None = None
    """Total number of messages in this group"""
    last_message_text: str | None = None
    """Text of the most recent message in the group"""
    last_message_time: datetime.datetime | None = None
    """Timestamp of the most recent message"""
    last_message_direction: Direction | None = None
    """Direction of the most recent message"""
    created_at: datetime.datetime | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.group_id = get("group_id")
        model.name = get("name")
        model.chat_guid = get("chat_guid")
        model.icon_url = get("icon_url")
        model.member_count = get("member_count")
        model.message_count = get("message_count")
        model.last_message_text = get("last_message_text")
        try:
            model.last_message_direction = _direction[get("last_message_direction")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
