# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class FaceTimeCall(Model):
    """FaceTimeCall, as the API has it."""

    _required: ClassVar[Required] = {"link": None}

    link: str
    """Shareable FaceTime link"""
    success: bool | None = None
    handle: str | None = None
    """The handle that was called"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.link = get("link")
        model.success = get("success")
        model.handle = get("handle")
        return model
