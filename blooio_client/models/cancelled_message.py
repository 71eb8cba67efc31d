# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..types import (
    Codec,
    Members,
    Model,
    read_generally,
)

_delivery_status = Members(DeliveryStatus)


@define(kw_only=True, eq=False, repr=False)
class CancelledMessage(Model):
    """CancelledMessage, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"status": DeliveryStatus}

    success: bool | None = None
    message_id: str | None = None
    status: DeliveryStatus | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.success = get("success")
        model.message_id = get("message_id")
        try:
            model.status = _delivery_status[get("status")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
