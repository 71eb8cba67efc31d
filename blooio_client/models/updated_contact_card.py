# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class UpdatedContactCard(Model):
    """UpdatedContactCard, as the API has it."""

    success: bool | None = None
    phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
