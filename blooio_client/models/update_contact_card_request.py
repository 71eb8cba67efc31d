# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.contact_card_sharing import ContactCardSharing
from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class UpdateContactCardRequest(Model):
    """Body of updateMyContactCard: Update contact card."""

    first_name: str | Unset = UNSET
    """First name"""
    last_name: str | Unset = UNSET
    """Last name"""
    avatar: str | Unset = UNSET
    """Profile photo as base64-encoded JPEG/PNG"""
    sharing: ContactCardSharing | Unset = UNSET
    """Who the card is shared with"""
