# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class UpdatedContactCard(Model):
    """Response of updateMyContactCard: Update contact card."""

    success: bool | None = None
    phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
