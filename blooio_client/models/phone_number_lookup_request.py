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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.number = get("number", UNSET)
        return model
