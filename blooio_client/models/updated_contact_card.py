# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class UpdatedContactCard(Model):
    """Response of updateMyContactCard: Update contact card."""

    success: bool | None = None
    """Whether it succeeded"""
    phone_number: str | None = None
    """The phone number in E.164 format"""
    first_name: str | None = None
    """The first name"""
    last_name: str | None = None
    """The last name"""
