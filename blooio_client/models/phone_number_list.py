# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.phone_number import PhoneNumber
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberList(Model):
    """Response of listNumbers: List phone numbers."""

    numbers: list[PhoneNumber]
    """Your numbers"""
