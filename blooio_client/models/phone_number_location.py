# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLocation(Model):
    """NANPA geocoding location (only for North American numbers with country code 1)"""

    city: str | None = None
    """City name"""
    region: str | None = None
    """State/province abbreviation"""
    region_name: str | None = None
    """Full state/province name"""
