# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class UpdateContactRequest(Model):
    """UpdateContactRequest, as the API has it."""

    _absent: ClassVar[Any] = UNSET

    name: str | None | Unset = UNSET
    """New display name (null to clear)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.name = get("name", UNSET)
        return model
