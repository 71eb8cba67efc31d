# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class Poll(Model):
    """Poll, as the API has it."""

    title: str | None = None
    options: list[str] | None = None
