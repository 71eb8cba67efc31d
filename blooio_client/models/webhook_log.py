# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.webhook_event_payload import WebhookEventPayload
from ..models.webhook_log_metadata import WebhookLogMetadata
from ..models.webhook_log_scope import WebhookLogScope
from ..types import JsonObject, Model


@define(kw_only=True, eq=False, repr=False)
class WebhookLog(Model):
    """One attempt to deliver an event to a webhook, with the event and your server's response"""

    _identity: ClassVar[str | None] = "event_id"

    event_id: str
    """The event's id"""
    scope: WebhookLogScope | None = None
    """The part of your account whose events are delivered"""
    attempted_time: datetime.datetime | None = None
    """When the delivery was attempted"""
    response_received_at: datetime.datetime | None = None
    """When your server responded; None if it did not"""
    webhook_url: str | None = None
    """The URL that events are delivered to"""
    event_body: WebhookEventPayload | None = None
    """The event that was delivered"""
    response_status: int | None = None
    """HTTP status code received from the webhook endpoint"""
    response_json: JsonObject | None = None
    """Response body from the webhook endpoint (if JSON)"""
    metadata: WebhookLogMetadata | None = None
    """Additional metadata about the webhook delivery"""
