# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class SharedContactCard(Model):
    """SharedContactCard, as the API has it."""

    success: bool | None = None
    chat_id: str | None = None
    """Normalized chat identifier"""
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
        model.chat_id = get("chat_id")
        model.message = get("message")
        return model
