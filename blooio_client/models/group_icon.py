# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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
