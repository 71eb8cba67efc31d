# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookLogMetadata(Model):
    """Additional metadata about the webhook delivery"""

    organization_id: str | None = None
    """The organization's id"""
    event_name: str | None = None
    """The event's type, such as `message.received`"""
    message_id: str | None = None
    """The message's id"""
    is_replay: bool | None = None
    """Whether the delivery was requested by hand"""
    original_event_id: str | None = None
    """The event that this delivery repeats"""
    duration_ms: int | None = None
    """How long your server took, in milliseconds"""
