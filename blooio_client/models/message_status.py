# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Required,
    read_generally,
)

_direction = Members(Direction)
_delivery_status = Members(DeliveryStatus)
_protocol = Members(Protocol)


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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.message_id = get("message_id")
        model.chat_id = get("chat_id")
        model.error = get("error")
        try:
            model.direction = _direction[get("direction")]
            model.status = _delivery_status[get("status")]
            model.protocol = _protocol[get("protocol")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
