# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class DeliveryStatus(OpenEnum):
    """The `status` of CancelledMessage."""

    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"
    QUEUED = "queued"
    READ = "read"
    RECEIVED = "received"
    SENT = "sent"
