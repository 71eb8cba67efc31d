# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class AddedContactTags(Model):
    """AddedContactTags, as the API has it."""

    success: bool | None = None
    tags_added: list[str] | None = None
    """Tags that were added"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.success = get("success")
        model.tags_added = get("tags_added")
        return model
