# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class PhoneNumber(Model):
    """PhoneNumber, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"last_active": Moment("iso8601")}
    _required: ClassVar[Required] = {"phone_number": None}

    phone_number: str
    is_active: bool | None = None
    last_active: datetime.datetime | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.phone_number = get("phone_number")
        model.is_active = get("is_active")
        return model
