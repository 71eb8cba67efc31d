# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class AddGroupMemberRequest(Model):
    """Body of addGroupMember: Add a member to a group (Coming Soon)."""

    contact_id: str
    """Contact identifier (phone number or email)"""
