# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class ContactRef(Model):
    """ContactRef, as the API has it."""

    _required: ClassVar[Required] = {"identifier": None}

    identifier: str
    contact_id: str | None = None
    name: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.identifier = get("identifier")
        model.contact_id = get("contact_id")
        model.name = get("name")
        return model
