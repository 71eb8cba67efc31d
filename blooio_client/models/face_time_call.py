# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import (
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class FaceTimeCall(Model):
    """FaceTimeCall, as the API has it."""

    _required: ClassVar[Required] = {"link": None}

    link: str
    """Shareable FaceTime link"""
    success: bool | None = None
    handle: str | None = None
    """The handle that was called"""
