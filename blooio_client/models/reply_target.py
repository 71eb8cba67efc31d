# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class ReplyTarget(Model):
    """The message that this one replies to: in the same chat, at most 30 days old, over iMessage"""

    _absent: ClassVar[Any] = UNSET

    message_id: str | Unset = UNSET
    """The id of the message"""
    guid: str | Unset = UNSET
    """The iMessage GUID of the message, instead of its id"""
    part_index: int | Unset = UNSET
    """Which part of the message, with a guid"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.message_id = get("message_id", UNSET)
        model.guid = get("guid", UNSET)
        model.part_index = get("part_index", UNSET)
        return model
