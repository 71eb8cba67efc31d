# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import define

from ..types import (
    Codec,
    ListOf,
    Model,
    Nested,
    Required,
)

if TYPE_CHECKING:
    from ..models.poll_option import PollOption


@define(kw_only=True, eq=False, repr=False)
class PollResults(Model):
    """PollResults, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"options": ListOf(Nested("PollOption"))}
    _required: ClassVar[Required] = {"options": list}

    options: list[PollOption]
    poll_id: str | None = None
    chat_id: str | None = None
    title: str | None = None
    total_votes: int | None = None
