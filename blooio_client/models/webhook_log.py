# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.webhook_log_scope import WebhookLogScope
from ..types import (
    Codec,
    JsonObject,
    Members,
    Model,
    Moment,
    Nested,
    Required,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.webhook_event_payload import WebhookEventPayload
    from ..models.webhook_log_metadata import WebhookLogMetadata

_webhook_log_scope = Members(WebhookLogScope)


@define(kw_only=True, eq=False, repr=False)
class WebhookLog(Model):
    """WebhookLog, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "scope": WebhookLogScope,
        "attempted_time": Moment("milliseconds"),
        "response_received_at": Moment("milliseconds"),
        "event_body": Nested("WebhookEventPayload"),
        "metadata": Nested("WebhookLogMetadata"),
    }
    _required: ClassVar[Required] = {"event_id": None}

    event_id: str
    scope: WebhookLogScope | None = None
    attempted_time: datetime.datetime | None = None
    response_received_at: datetime.datetime | None = None
    webhook_url: str | None = None
    event_body: WebhookEventPayload | None = None
    """Webhook event payload. Structure varies by event type. All message events include group information when
    applicable."""
    response_status: int | None = None
    """HTTP status code received from the webhook endpoint"""
    response_json: JsonObject | None = None
    """Response body from the webhook endpoint (if JSON)"""
    metadata: WebhookLogMetadata | None = None
    """Additional metadata about the webhook delivery"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.event_id = get("event_id")
        model.webhook_url = get("webhook_url")
        model.response_status = get("response_status")
        model.response_json = get("response_json")
        try:
            model.scope = _webhook_log_scope[get("scope")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
