# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class AddContactTagsRequest(Model):
    """AddContactTagsRequest, as the API has it."""

    _required: ClassVar[Required] = {"tags": list}
    _absent: ClassVar[Any] = UNSET

    tags: Sequence[str]
    """Tags to add"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.tags = get("tags", UNSET)
        return model
