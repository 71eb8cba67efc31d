# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class GroupIconSync(Model):
    """Linked chat sync status"""

    chat_guid: str | None = None
    synced: bool | None = None
    """Whether the icon change was synced to the linked iMessage chat. This will be true on successful set/remove
    operations."""
    message: str | None = None
    """Status message about linked chat sync"""

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
        model.message = get("message")
        return model
