# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..models.device_sync_result import DeviceSyncResult
from ..models.direction import Direction
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class UpdatedGroup(Model):
    """Response of updateGroup: Update a group."""

    group_id: str
    """The group's id (`grp_...`), which is also its chat id"""
    name: str | None = None
    """Group name. Null for unnamed groups."""
    chat_guid: str | None = None
    """BlueBubbles chat GUID if linked to a device group chat"""
    icon_url: str | None = None
    """URL of the group icon/photo"""
    member_count: int | None = None
    """The number of members"""
    message_count: int | None = None
    """Total number of messages in this group"""
    last_message_text: str | None = None
    """Text of the most recent message in the group"""
    last_message_time: datetime.datetime | None = None
    """Timestamp of the most recent message"""
    last_message_direction: Direction | None = None
    """Direction of the most recent message"""
    created_at: datetime.datetime | None = None
    """When it was created"""
    device_sync: DeviceSyncResult | None = None
    """Whether the change reached the device"""
