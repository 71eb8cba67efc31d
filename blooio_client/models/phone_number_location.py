# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLocation(Model):
    """NANPA geocoding location (only for North American numbers with country code 1)"""

    city: str | None = None
    """City name"""
    region: str | None = None
    """State/province abbreviation"""
    region_name: str | None = None
    """Full state/province name"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.city = get("city")
        model.region = get("region")
        model.region_name = get("region_name")
        return model
