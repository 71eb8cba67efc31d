# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.text = get("text")
        model.votes = get("votes")
        return model
