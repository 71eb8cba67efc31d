# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class Capabilities(Model):
    """Capabilities, as the API has it."""

    imessage: bool | None = None
    """Whether iMessage is available"""
    sms: bool | None = None
    """Whether SMS is available (phone only)"""
    facetime: bool | None = None
    """Whether FaceTime is available"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.imessage = get("imessage")
        model.sms = get("sms")
        model.facetime = get("facetime")
        return model
