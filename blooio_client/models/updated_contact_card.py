# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class UpdatedContactCard(Model):
    """UpdatedContactCard, as the API has it."""

    success: bool | None = None
    phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.success = get("success")
        model.phone_number = get("phone_number")
        model.first_name = get("first_name")
        model.last_name = get("last_name")
        return model
