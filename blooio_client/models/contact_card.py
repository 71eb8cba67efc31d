# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Nested,
)

if TYPE_CHECKING:
    from ..models.contact_card_sharing import ContactCardSharing


@define(kw_only=True, eq=False, repr=False)
class ContactCard(Model):
    """ContactCard, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"sharing": Nested("ContactCardSharing")}

    phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    """Display name"""
    avatar: str | None = None
    """Base64-encoded JPEG/PNG image"""
    has_wallpaper: bool | None = None
    sharing: ContactCardSharing | None = None
