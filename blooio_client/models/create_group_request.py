# Generated from openapi/ by `make generate`. Do not edit.
from collections.abc import Sequence

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class CreateGroupRequest(Model):
    """Body of createGroup: Create a group."""

    name: str
    """Group name (max 255 characters)"""
    chat_guid: str | Unset = UNSET
    """BlueBubbles chat GUID to link this group to an existing iMessage chat. Use this to join groups created
    elsewhere. You can get this from the BlueBubbles API or from inbound message webhooks."""
    members: Sequence[str] | Unset = UNSET
    """Phone numbers or emails of contacts in the group. When linking via chat_guid, this is for record-keeping only
    (members are not added to the linked iMessage chat)."""
