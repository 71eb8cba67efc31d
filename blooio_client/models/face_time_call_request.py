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
class FaceTimeCallRequest(Model):
    """FaceTimeCallRequest, as the API has it."""

    _required: ClassVar[Required] = {"handle": None}
    _absent: ClassVar[Any] = UNSET

    handle: str
    """Phone number (E.164) or email address to call"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.handle = get("handle", UNSET)
        return model
