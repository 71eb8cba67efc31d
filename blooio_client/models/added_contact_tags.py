# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class AddedContactTags(Model):
    """Response of addContactTags: Add tags to a contact."""

    success: bool | None = None
    """Whether it succeeded"""
    tags_added: list[str] | None = None
    """Tags that were added"""
