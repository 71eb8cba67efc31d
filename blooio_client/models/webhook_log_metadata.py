# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookLogMetadata(Model):
    """Additional metadata about the webhook delivery"""

    organization_id: str | None = None
    event_name: str | None = None
    message_id: str | None = None
    is_replay: bool | None = None
    original_event_id: str | None = None
    duration_ms: int | None = None
