# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.phone_number_location import PhoneNumberLocation
from ..models.phone_number_type import PhoneNumberType
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookup(Model):
    """Whether a phone number is valid, with its country, type and formats"""

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
