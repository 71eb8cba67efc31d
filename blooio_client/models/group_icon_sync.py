# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class GroupIconSync(Model):
    """Linked chat sync status"""

    chat_guid: str | None = None
    """The group's id on the device"""
    synced: bool | None = None
    """Whether the icon change was synced to the linked iMessage chat. This will be true on successful set/remove
    operations."""
    message: str | None = None
    """Status message about linked chat sync"""
