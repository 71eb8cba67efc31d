# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.direction import Direction
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class LastMessage(Model):
    """The latest message of a chat"""

    _identity: ClassVar[str | None] = "message_id"

    message_id: str
    """The message's id"""
    text: str | None = None
    """The text; None if there is only an attachment"""
    direction: Direction | None = None
    """`inbound` if you received the message, `outbound` if you sent it"""
    time_sent: datetime.datetime | None = None
    """When the message was sent"""
