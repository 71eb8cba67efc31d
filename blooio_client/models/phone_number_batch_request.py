# Generated from openapi/ by `make generate`. Do not edit.
from collections.abc import Sequence

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberBatchRequest(Model):
    """Body of batchLookupPhoneNumbers: Batch look up phone numbers."""

    numbers: Sequence[str]
    """Array of phone numbers to look up"""
