# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Deletion(Model):
    """Response of deleteContact: Delete a contact."""

    success: bool | None = None
    """Whether it was done"""
    deleted_at: datetime.datetime | None = None
    """When it was deleted"""
    message: str | None = None
    """What Blooio says about it, for people"""
