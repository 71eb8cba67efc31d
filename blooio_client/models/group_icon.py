# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Nested,
)

if TYPE_CHECKING:
    from ..models.group_icon_sync import GroupIconSync


@define(kw_only=True, eq=False, repr=False)
class GroupIcon(Model):
    """Response for group icon operations"""

    _codecs: ClassVar[dict[str, Codec]] = {"device_sync": Nested("GroupIconSync")}

    success: bool | None = None
    group_id: str | None = None
    chat_guid: str | None = None
    """The BlueBubbles chat GUID"""
    icon_url: str | None = None
    """URL of the uploaded icon (only present on set)"""
    device_sync: GroupIconSync | None = None
    """Linked chat sync status"""
    message: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.success = get("success")
        model.group_id = get("group_id")
        model.chat_guid = get("chat_guid")
        model.icon_url = get("icon_url")
        model.message = get("message")
        return model
