# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class CreateContactRequest(Model):
    """Body of createContact: Create a contact."""

    identifier: str
    """Phone number (E.164 format, e.g., +15551234567) or email address"""
    name: str | Unset = UNSET
    """Display name for the contact"""
