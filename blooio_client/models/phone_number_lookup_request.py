# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookupRequest(Model):
    """Body of lookupPhoneNumberPost: Look up a phone number."""

    number: str
    """Phone number to look up"""
