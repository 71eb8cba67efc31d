# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.phone_number_lookup import PhoneNumberLookup
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookupList(Model):
    """Response of batchLookupPhoneNumbers: Batch look up phone numbers."""

    results: list[PhoneNumberLookup]
    """One result for each number, in order"""
