# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.group_member import GroupMember
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class AddedGroupMember(Model):
    """Response of addGroupMember: Add a member to a group (Coming Soon)."""

    message: str | None = None
    """A message from Blooio about it"""
    member: GroupMember | None = None
    """The member who was added"""
    contact_created: bool | None = None
    """Whether a new contact was created for this member"""
