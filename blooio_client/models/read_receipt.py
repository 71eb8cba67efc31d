# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..models.read_status import ReadStatus
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ReadReceipt(Model):
    """Response of markChatRead: Mark chat as read."""

    chat_id: str | None = None
    """Chat identifier"""
    status: ReadStatus | None = None
    """Read status"""
    marked_at: datetime.datetime | None = None
    """Timestamp when marked as read"""
