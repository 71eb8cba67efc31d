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
class AddGroupMemberRequest(Model):
    """AddGroupMemberRequest, as the API has it."""

    _required: ClassVar[Required] = {"contact_id": None}
    _absent: ClassVar[Any] = UNSET

    contact_id: str
    """Contact identifier (phone number or email)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.contact_id = get("contact_id", UNSET)
        return model
