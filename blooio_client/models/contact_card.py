# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.phone_number = get("phone_number")
        model.first_name = get("first_name")
        model.last_name = get("last_name")
        model.name = get("name")
        model.avatar = get("avatar")
        model.has_wallpaper = get("has_wallpaper")
        return model
