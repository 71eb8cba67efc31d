# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class UpdateContactRequest(Model):
    """Body of updateContact: Update a contact."""

    name: str | None | Unset = UNSET
    """New display name (null to clear)"""
