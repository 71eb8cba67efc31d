# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import (
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class PollOption(Model):
    """PollOption, as the API has it."""

    _required: ClassVar[Required] = {"text": None, "votes": None}

    text: str
    votes: int
