# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..types import (
    Codec,
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class CancelledMessage(Model):
    """CancelledMessage, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"status": DeliveryStatus}

    success: bool | None = None
    message_id: str | None = None
    status: DeliveryStatus | None = None
