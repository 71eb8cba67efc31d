# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class DeviceSyncAction(OpenEnum):
    """The `action` of DeviceSyncResult."""

    ADD_PARTICIPANT = "add_participant"
    LEAVE = "leave"
    REMOVE_PARTICIPANT = "remove_participant"
