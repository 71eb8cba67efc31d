# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
    Nested,
    Required,
)

if TYPE_CHECKING:
    from ..models.poll import Poll


@define(kw_only=True, eq=False, repr=False)
class SentPoll(Model):
    """SentPoll, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"poll": Nested("Poll"), "sent_at": Moment("milliseconds")}
    _required: ClassVar[Required] = {"poll_id": None}

    poll_id: str
    """Unique identifier for the poll"""
    chat_id: str | None = None
    poll: Poll | None = None
    sent_at: datetime.datetime | None = None

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
        return model
