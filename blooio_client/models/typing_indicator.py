# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

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
