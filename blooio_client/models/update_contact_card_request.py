# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Codec,
    Model,
    Nested,
    Unset,
)

if TYPE_CHECKING:
    from ..models.contact_card_sharing import ContactCardSharing


@define(kw_only=True, eq=False, repr=False)
class UpdateContactCardRequest(Model):
    """UpdateContactCardRequest, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"sharing": Nested("ContactCardSharing")}
    _absent: ClassVar[Any] = UNSET

    first_name: str | Unset = UNSET
    """First name"""
    last_name: str | Unset = UNSET
    """Last name"""
    avatar: str | Unset = UNSET
    """Profile photo as base64-encoded JPEG/PNG"""
    sharing: ContactCardSharing | Unset = UNSET

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.first_name = get("first_name", UNSET)
        model.last_name = get("last_name", UNSET)
        model.avatar = get("avatar", UNSET)
        return model
