# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define, field as described

from ..models.webhook_scope import WebhookScope
from ..models.webhook_type import WebhookType
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Webhook(Model):
    """A webhook subscription: a URL, and the events that are delivered to it"""

    _identity: ClassVar[str | None] = "webhook_id"

    webhook_id: str
    """The webhook's id"""
    webhook_url: str | None = None
    """The URL that events are delivered to"""
    webhook_type: WebhookType | None = None
    """Which events are delivered: `message`, `status`, `poll` or `all`"""
    scope: WebhookScope | None = None
    """The part of your account whose events are delivered"""
    api_key_name: str | None = None
    """Name of the API key (if scope is api_key)"""
    integration_name: str | None = None
    """Name of the integration (if scope is integration)"""
    created_at: datetime.datetime | None = None
    """When it was created"""
    deprecated_at: datetime.datetime | None = None
    """When the webhook was paused; None while it is active"""
    valid_until: datetime.datetime | None = described(default=None, metadata={"never": -1})
    """-1 means no expiration"""
    last_triggered: datetime.datetime | None = None
    """When an event was last delivered"""
    failure_count: int | None = None
    """The number of failed deliveries in a row"""
    is_active: bool | None = None
    """Whether the webhook is active (not deprecated)"""
