# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class ErrorBody(Model):
    """ErrorBody, as the API has it."""

    error: str | None = None
    """Error message"""
    status: int | None = None
    """HTTP status code"""
    message: str | None = None
    """What went wrong, in words"""
    code: str | None = None
    """What went wrong, for programs: switch on this and not on the message"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.error = get("error")
        model.status = get("status")
        model.message = get("message")
        model.code = get("code")
        return model
