# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.poll_id = get("poll_id")
        model.chat_id = get("chat_id")
        model.title = get("title")
        model.total_votes = get("total_votes")
        return model
