# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import ClassVar

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
