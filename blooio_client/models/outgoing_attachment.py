# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class OutgoingAttachment(Model):
    """OutgoingAttachment, as the API has it."""

    _required: ClassVar[Required] = {"url": None}
    _absent: ClassVar[Any] = UNSET

    url: str
    name: str | Unset = UNSET
