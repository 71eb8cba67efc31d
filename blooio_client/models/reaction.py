# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class Reaction(Model):
    """Reaction, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"time_sent": Moment("milliseconds")}
    _required: ClassVar[Required] = {"reaction": None}

    reaction: str
    """The reaction value. Classic tapbacks: love, like, dislike, laugh, emphasize, question. Emoji reactions: the
    emoji character (e.g. 😂, 👍)."""
    is_added: bool | None = None
    """Whether the reaction is currently active (true) or was removed (false)"""
    time_sent: datetime.datetime | None = None
    """Timestamp when the reaction was sent (ms)"""
    sender: str | None = None
    """Phone number or email of who sent the reaction. Null when the reaction was sent by you (outbound)."""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.reaction = get("reaction")
        model.is_added = get("is_added")
        model.sender = get("sender")
        return model
