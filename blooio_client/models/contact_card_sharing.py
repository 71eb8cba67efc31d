# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class ContactCardSharing(Model):
    """ContactCardSharing, as the API has it."""

    _absent: ClassVar[Any] = UNSET

    enabled: bool | Unset = UNSET
    """Whether Name & Photo sharing is enabled"""
    audience: int | Unset = UNSET
    """0 = Contacts Only, 1 = Always Ask"""
    name_format: int | Unset = UNSET
    """0 = First & Last, 1 = First Only"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.enabled = get("enabled", UNSET)
        model.audience = get("audience", UNSET)
        model.name_format = get("name_format", UNSET)
        return model
