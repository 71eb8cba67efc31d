# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class DeviceSyncAction(OpenEnum):
    """DeviceSyncAction: one of the values below, or one that came after this version of the client."""

    ADD_PARTICIPANT = "add_participant"
    LEAVE = "leave"
    REMOVE_PARTICIPANT = "remove_participant"
