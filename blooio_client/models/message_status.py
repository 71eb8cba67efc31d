# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..types import (
    Codec,
    Model,
    Moment,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class MessageStatus(Model):
    """MessageStatus, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "direction": Direction,
        "status": DeliveryStatus,
        "protocol": Protocol,
        "time_sent": Moment("milliseconds"),
        "time_delivered": Moment("milliseconds"),
    }
    _required: ClassVar[Required] = {"message_id": None}

    message_id: str
    chat_id: str | None = None
    direction: Direction | None = None
    status: DeliveryStatus | None = None
    protocol: Protocol | None = None
    time_sent: datetime.datetime | None = None
    time_delivered: datetime.datetime | None = None
    error: str | None = None
