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
