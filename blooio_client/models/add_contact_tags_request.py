# Generated from openapi/ by `make generate`. Do not edit.
from collections.abc import Sequence

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class AddContactTagsRequest(Model):
    """Body of addContactTags: Add tags to a contact."""

    tags: Sequence[str]
    """Tags to add"""
