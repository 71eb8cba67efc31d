# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class CreateContactRequest(Model):
    """CreateContactRequest, as the API has it."""

    _required: ClassVar[Required] = {"identifier": None}
    _absent: ClassVar[Any] = UNSET

    identifier: str
    """Phone number (E.164 format, e.g., +15551234567) or email address"""
    name: str | Unset = UNSET
    """Display name for the contact"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.identifier = get("identifier", UNSET)
        model.name = get("name", UNSET)
        return model
