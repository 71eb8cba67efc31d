# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    File,
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class GroupIconUpload(Model):
    """GroupIconUpload, as the API has it."""

    _required: ClassVar[Required] = {"icon": None}
    _absent: ClassVar[Any] = UNSET

    icon: File
    """The icon image file to set as the group photo"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.icon = get("icon", UNSET)
        return model
