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
class OutgoingAttachment(Model):
    """OutgoingAttachment, as the API has it."""

    _required: ClassVar[Required] = {"url": None}
    _absent: ClassVar[Any] = UNSET

    url: str
    name: str | Unset = UNSET

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.url = get("url", UNSET)
        model.name = get("name", UNSET)
        return model
