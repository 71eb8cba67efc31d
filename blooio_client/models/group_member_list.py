# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.group_member import GroupMember
from ..models.pagination import Pagination
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class GroupMemberList(Model):
    """Response of listGroupMembers: List group members."""

    members: list[GroupMember]
    """The members of this page"""
    group_id: str | None = None
    """The group ID"""
    group_name: str | None = None
    """The group name"""
    icon_url: str | None = None
    """URL of the group icon/photo"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
