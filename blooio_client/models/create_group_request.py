# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class CreateGroupRequest(Model):
    """CreateGroupRequest, as the API has it."""

    _required: ClassVar[Required] = {"name": None}
    _absent: ClassVar[Any] = UNSET

    name: str
    """Group name (max 255 characters)"""
    chat_guid: str | Unset = UNSET
    """BlueBubbles chat GUID to link this group to an existing iMessage chat. Use this to join groups created
    elsewhere. You can get this from the BlueBubbles API or from inbound message webhooks."""
    members: Sequence[str] | Unset = UNSET
    """Phone numbers or emails of contacts in the group. When linking via chat_guid, this is for record-keeping only
    (members are not added to the linked iMessage chat)."""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.name = get("name", UNSET)
        model.chat_guid = get("chat_guid", UNSET)
        model.members = get("members", UNSET)
        return model
