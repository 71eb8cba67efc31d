# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..models.device_sync_action import DeviceSyncAction
from ..types import (
    Codec,
    Members,
    Model,
    read_generally,
)

_device_sync_action = Members(DeviceSyncAction)


@define(kw_only=True, eq=False, repr=False)
class DeviceSyncResult(Model):
    """Result of syncing the operation to a linked iMessage chat"""

    _codecs: ClassVar[dict[str, Codec]] = {"action": DeviceSyncAction}

    chat_guid: str | None = None
    """The linked iMessage chat GUID"""
    action: DeviceSyncAction | None = None
    """The action that was performed for the linked chat"""
    synced: bool | None = None
    """Whether the sync was successful"""
    error: str | None = None
    """Error message if sync failed"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.chat_guid = get("chat_guid")
        model.synced = get("synced")
        model.error = get("error")
        try:
            model.action = _device_sync_action[get("action")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
