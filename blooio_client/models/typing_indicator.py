# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class TypingIndicator(Model):
    """Response of startTyping: Start typing indicator."""

    chat_id: str | None = None
    """Chat identifier"""
    typing: bool | None = None
    """Whether typing indicator is active"""
    started_at: datetime.datetime | None = None
    """Timestamp when typing started (only for start)"""
    stopped_at: datetime.datetime | None = None
    """Timestamp when typing stopped (only for stop)"""
    warning: str | None = None
    """Why the indicator is not shown, for example in an RCS chat"""
