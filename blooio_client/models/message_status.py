# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class MessageStatus(Model):
    """How far a message has come: queued, sent, delivered, read or failed, and why"""

    _identity: ClassVar[str | None] = "message_id"

    message_id: str
    chat_id: str | None = None
    direction: Direction | None = None
    status: DeliveryStatus | None = None
    protocol: Protocol | None = None
    time_sent: datetime.datetime | None = None
    time_delivered: datetime.datetime | None = None
    error: str | None = None
