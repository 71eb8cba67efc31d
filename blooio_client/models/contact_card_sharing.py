# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class ContactCardSharing(Model):
    """The `sharing` of ContactCard."""

    enabled: bool | Unset = UNSET
    """Whether Name & Photo sharing is enabled"""
    audience: int | Unset = UNSET
    """0 = Contacts Only, 1 = Always Ask"""
    name_format: int | Unset = UNSET
    """0 = First & Last, 1 = First Only"""
