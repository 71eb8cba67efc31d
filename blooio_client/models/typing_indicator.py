# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
)


@define(kw_only=True, eq=False, repr=False)
class TypingIndicator(Model):
    """TypingIndicator, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"started_at": Moment("milliseconds"), "stopped_at": Moment("milliseconds")}

    chat_id: str | None = None
    """Chat identifier"""
    typing: bool | None = None
    """Whether typing indicator is active"""
    started_at: datetime.datetime | None = None
    """Timestamp when typing started (only for start)"""
    stopped_at: datetime.datetime | None = None
    """Timestamp when typing stopped (only for stop)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.chat_id = get("chat_id")
        model.typing = get("typing")
        return model
