# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.group_icon_sync import GroupIconSync
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class GroupIcon(Model):
    """Response for group icon operations"""

    success: bool | None = None
    """Whether it succeeded"""
    group_id: str | None = None
    """The group's id (`grp_...`), which is also its chat id"""
    chat_guid: str | None = None
    """The BlueBubbles chat GUID"""
    icon_url: str | None = None
    """URL of the uploaded icon (only present on set)"""
    device_sync: GroupIconSync | None = None
    """Linked chat sync status"""
    message: str | None = None
    """A message from Blooio about it"""
