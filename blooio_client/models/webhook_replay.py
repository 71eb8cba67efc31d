# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.webhook_replay_response import WebhookReplayResponse
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookReplay(Model):
    """Response of replayWebhookEvent: Replay a webhook event."""

    success: bool | None = None
    """Whether the replay received a 2xx response"""
    replay_event_id: str | None = None
    """New event ID for this replay attempt"""
    original_event_id: str | None = None
    """The original event ID that was replayed"""
    webhook_id: str | None = None
    """The webhook's id"""
    webhook_url: str | None = None
    """The URL that events are delivered to"""
    response_status: int | None = None
    """HTTP status code from replay attempt"""
    duration_ms: int | None = None
    """Time taken for the replay request in milliseconds"""
    response_data: WebhookReplayResponse | None = None
    """Response details from the replay attempt"""
