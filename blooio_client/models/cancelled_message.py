# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.delivery_status import DeliveryStatus
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class CancelledMessage(Model):
    """Response of cancelMessage: Cancel a message."""

    success: bool | None = None
    """Whether it succeeded"""
    message_id: str | None = None
    """The message's id"""
    status: DeliveryStatus | None = None
    """The delivery status, such as `queued`, `sent`, `delivered`, `read` or `failed`"""
