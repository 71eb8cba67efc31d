# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class AddedContactTags(Model):
    """AddedContactTags, as the API has it."""

    success: bool | None = None
    tags_added: list[str] | None = None
    """Tags that were added"""
