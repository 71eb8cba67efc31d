# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class SharedContactCard(Model):
    """SharedContactCard, as the API has it."""

    success: bool | None = None
    chat_id: str | None = None
    """Normalized chat identifier"""
    message: str | None = None
