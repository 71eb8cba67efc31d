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
class ChatBackgroundUpload(Model):
    """ChatBackgroundUpload, as the API has it."""

    _required: ClassVar[Required] = {"background": None}
    _absent: ClassVar[Any] = UNSET

    background: File
    """The image file to set as the chat background"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.background = get("background", UNSET)
        return model
