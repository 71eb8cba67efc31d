# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..models.send_status import SendStatus
from ..types import (
    Codec,
    Members,
    Model,
    read_generally,
)

_send_status = Members(SendStatus)


@define(kw_only=True, eq=False, repr=False)
class AcceptedMessage(Model):
    """Response after sending a message"""

    _codecs: ClassVar[dict[str, Codec]] = {"status": SendStatus}

    message_id: str | None = None
    """ID of the sent message (single-message sends)"""
    message_ids: list[str] | None = None
    """IDs of sent messages. Present when `text` is an array or when `parts` uses per-part `link_preview` (URL-balloon
    batch mode)."""
    count: int | None = None
    """Number of messages sent. Only present in URL-balloon batch mode."""
    status: SendStatus | None = None
    """Initial status of the message(s)"""
    group_id: str | None = None
    """Group ID when sending to multi-recipient (new or existing)"""
    group_created: bool | None = None
    """True if a new unnamed group was created for this multi-recipient message"""
    participants: list[str] | None = None
    """List of participants (present for multi-recipient)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.message_id = get("message_id")
        model.message_ids = get("message_ids")
        model.count = get("count")
        model.group_id = get("group_id")
        model.group_created = get("group_created")
        model.participants = get("participants")
        try:
            model.status = _send_status[get("status")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
