# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.contact_card_sharing import ContactCardSharing
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactCard(Model):
    """Response of getMyContactCard: Get contact card (Coming Soon)."""

    phone_number: str | None = None
    """The phone number in E.164 format"""
    first_name: str | None = None
    """The first name"""
    last_name: str | None = None
    """The last name"""
    name: str | None = None
    """Display name"""
    avatar: str | None = None
    """Base64-encoded JPEG/PNG image"""
    has_wallpaper: bool | None = None
    """Whether the card has a poster"""
    sharing: ContactCardSharing | None = None
    """Who the card is shared with"""
