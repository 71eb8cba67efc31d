# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.read_status import ReadStatus
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    read_generally,
)

_read_status = Members(ReadStatus)


@define(kw_only=True, eq=False, repr=False)
class ReadReceipt(Model):
    """ReadReceipt, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"status": ReadStatus, "marked_at": Moment("milliseconds")}

    chat_id: str | None = None
    """Chat identifier"""
    status: ReadStatus | None = None
    """Read status"""
    marked_at: datetime.datetime | None = None
    """Timestamp when marked as read"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.chat_id = get("chat_id")
        try:
            model.status = _read_status[get("status")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
