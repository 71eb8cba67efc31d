# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class Pagination(Model):
    """Pagination, as the API has it."""

    limit: int | None = None
    offset: int | None = None
    total: int | None = None
    returned: int | None = None
    """Number of logs returned in this response"""
    has_more: bool | None = None
    """Whether there are more logs to fetch"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.limit = get("limit")
        model.offset = get("offset")
        model.total = get("total")
        model.returned = get("returned")
        model.has_more = get("has_more")
        return model
