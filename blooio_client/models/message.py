# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..models.direction import Direction
from ..models.protocol import Protocol
from ..types import (
    Codec,
    ListOf,
    Members,
    Model,
    Moment,
    Nested,
    Required,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.attachment import Attachment
    from ..models.reaction import Reaction

_direction = Members(Direction)
_delivery_status = Members(DeliveryStatus)
_protocol = Members(Protocol)


@define(kw_only=True, eq=False, repr=False)
class Message(Model):
    """Message, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "direction": Direction,
        "attachments": ListOf(Nested("Attachment")),
        "reactions": ListOf(Nested("Reaction")),
        "time_sent": Moment("milliseconds"),
        "time_delivered": Moment("milliseconds"),
        "status": DeliveryStatus,
        "protocol": Protocol,
    }
    _required: ClassVar[Required] = {"message_id": None}

    message_id: str
    direction: Direction | None = None
    external_id: str | None = None
    """Phone number or email of the contact, or group ID for group messages"""
    internal_id: str | None = None
    """Organization phone number (from-number) used for this message"""
    text: str | None = None
    attachments: list[Attachment] | None = None
    sender: str | None = None
    """Sender's phone number or email for inbound group messages. Null for outbound messages and 1-1 chats."""
    reactions: list[Reaction] | None = None
    """Reactions on this message (tapbacks and emoji reactions)"""
    time_sent: datetime.datetime | None = None
    time_delivered: datetime.datetime | None = None
    status: DeliveryStatus | None = None
    protocol: Protocol | None = None
    error: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.message_id = get("message_id")
        model.external_id = get("external_id")
        model.internal_id = get("internal_id")
        model.text = get("text")
        model.sender = get("sender")
        model.error = get("error")
        try:
            model.direction = _direction[get("direction")]
            model.status = _delivery_status[get("status")]
            model.protocol = _protocol[get("protocol")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
