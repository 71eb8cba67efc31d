# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.device_sync_action import DeviceSyncAction
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class DeviceSyncResult(Model):
    """Result of syncing the operation to a linked iMessage chat"""

    chat_guid: str | None = None
    """The linked iMessage chat GUID"""
    action: DeviceSyncAction | None = None
    """The action that was performed for the linked chat"""
    synced: bool | None = None
    """Whether the sync was successful"""
    error: str | None = None
    """Error message if sync failed"""
