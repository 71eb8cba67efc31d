# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class RemovedGroupMember(Model):
    """Response of removeGroupMember: Remove a member from a group (Coming Soon)."""

    success: bool | None = None
    """Whether it succeeded"""
    removed_at: datetime.datetime | None = None
    """When this person was removed"""
