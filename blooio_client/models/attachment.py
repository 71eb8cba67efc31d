# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class Attachment(Model):
    """Attachment, as the API has it."""

    url: str | None = None
    name: str | None = None
