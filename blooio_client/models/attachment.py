# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class Attachment(Model):
    """Attachment, as the API has it."""

    url: str | None = None
    name: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.url = get("url")
        model.name = get("name")
        return model
