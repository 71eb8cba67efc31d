# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.phone_number_type import PhoneNumberType
from ..types import (
    Codec,
    Members,
    Model,
    Nested,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.phone_number_location import PhoneNumberLocation

_phone_number_type = Members(PhoneNumberType)


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookup(Model):
    """PhoneNumberLookup, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"type": PhoneNumberType, "location": Nested("PhoneNumberLocation")}

    input: str | None = None
    """The original input string"""
    valid: bool | None = None
    """Whether the phone number is valid"""
    possible: bool | None = None
    """Whether the phone number is a possible number (less strict than valid)"""
    e164: str | None = None
    """E.164 formatted number"""
    national: str | None = None
    """National formatted number"""
    international: str | None = None
    """International formatted number"""
    country_calling_code: str | None = None
    """Country calling code without +"""
    country: str | None = None
    """ISO 3166-1 alpha-2 country code"""
    national_number: str | None = None
    """National number without country code"""
    type: PhoneNumberType | None = None
    """Number type detected by libphonenumber"""
    location: PhoneNumberLocation | None = None
    """NANPA geocoding location (only for North American numbers with country code 1)"""
    area_code: str | None = None
    """NPA area code (first 3 digits of national number, only for NANP numbers)"""
    exchange: str | None = None
    """NXX exchange code (digits 4-6 of national number, only for NANP numbers)"""
    area_code_region: str | None = None
    """General region for the area code (most common city, only for NANP numbers)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.input = get("input")
        model.valid = get("valid")
        model.possible = get("possible")
        model.e164 = get("e164")
        model.national = get("national")
        model.international = get("international")
        model.country_calling_code = get("country_calling_code")
        model.country = get("country")
        model.national_number = get("national_number")
        model.area_code = get("area_code")
        model.exchange = get("exchange")
        model.area_code_region = get("area_code_region")
        try:
            model.type = _phone_number_type[get("type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
