# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
)


@define(kw_only=True, eq=False, repr=False)
class Deletion(Model):
    """Deletion, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"deleted_at": Moment("milliseconds")}

    success: bool | None = None
    deleted_at: datetime.datetime | None = None
    message: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.success = get("success")
        model.message = get("message")
        return model
