# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import define

from ..types import (
    Codec,
    ListOf,
    Model,
    Nested,
    Required,
)

if TYPE_CHECKING:
    from ..models.phone_number_lookup import PhoneNumberLookup


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberLookupList(Model):
    """PhoneNumberLookupList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"results": ListOf(Nested("PhoneNumberLookup"))}
    _required: ClassVar[Required] = {"results": list}

    results: list[PhoneNumberLookup]
