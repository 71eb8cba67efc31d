# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookupRequest(Model):
    """PhoneNumberLookupRequest, as the API has it."""

    _required: ClassVar[Required] = {"number": None}
    _absent: ClassVar[Any] = UNSET

    number: str
    """Phone number to look up"""
