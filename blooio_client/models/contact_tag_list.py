# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.contact_tag import ContactTag
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactTagList(Model):
    """Response of listContactTags: List contact tags."""

    tags: list[ContactTag]
    """The tags"""
