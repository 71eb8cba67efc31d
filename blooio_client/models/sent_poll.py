# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.poll import Poll
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class SentPoll(Model):
    """Response of sendPoll: Send a poll."""

    _identity: ClassVar[str | None] = "poll_id"

    poll_id: str
    """Unique identifier for the poll"""
    chat_id: str | None = None
    """The chat: a phone number, an email address or a group id"""
    poll: Poll | None = None
    """The poll that was sent"""
    sent_at: datetime.datetime | None = None
    """When it was sent"""
