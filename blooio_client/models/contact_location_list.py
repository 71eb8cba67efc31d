# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.contact_location import ContactLocation
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactLocationList(Model):
    """Response of listLocationContacts: List contact locations."""

    friends: list[ContactLocation]
    """The people who share their location with you"""
    success: bool | None = None
    """Whether it succeeded"""
