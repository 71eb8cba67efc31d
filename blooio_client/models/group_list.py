# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.group import Group
from ..models.pagination import Pagination
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class GroupList(Model):
    """Response of listGroups: List groups."""

    groups: list[Group]
    """The groups of this page"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
